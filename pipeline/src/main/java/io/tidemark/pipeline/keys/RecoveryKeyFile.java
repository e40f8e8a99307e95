package io.tidemark.pipeline.keys;

import io.tidemark.crypto.MalformedKey;
import io.tidemark.crypto.keyset.RecoveryPrivateKey;
import io.tidemark.crypto.keyset.RecoveryPublicKey;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.PrivateFile;
import io.tidemark.pipeline.config.SecretReference;
import io.tidemark.pipeline.config.UsageError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Reads the PEM files of recovery keys. Apart from the rest, so that archiving never loads what reads PEM. */
final class RecoveryKeyFile {
    private static final int MAX_BYTES = 16_384;

    private RecoveryKeyFile() {}

    static Mono<RecoveryPublicKey> publicKey(Path file, Scheduler files) {
        return Mono.fromCallable(() -> {
                    String text;
                    try (InputStream in = Files.newInputStream(file)) {
                        text = new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
                    } catch (IOException failure) {
                        throw new KeysFailed("recovery key " + file + " cannot be read: " + failure, failure);
                    }
                    if (text.contains("PRIVATE KEY")) {
                        throw new UsageError(
                                file + " holds a private key: the recovery recipient is its public half",
                                "openssl pkey -in " + file + " -pubout; and keep the private half in a safe");
                    }
                    return parsed(file, () -> RecoveryPublicKey.parsePem(text));
                })
                .subscribeOn(files);
    }

    /** Reads and, where it is encrypted, decrypts the file at each subscription; the subscriber closes the key. */
    static Mono<RecoveryPrivateKey> privateKey(
            Path file, @Nullable SecretReference passphrase, Map<String, String> environment, Scheduler files) {
        return Mono.fromCallable(() -> {
                    byte[] content = PrivateFile.read("recovery key", file, MAX_BYTES);
                    char[] secret = passphrase == null
                            ? new char[0]
                            : passphrase.read("passphrase of the recovery key", environment);
                    try {
                        String pem = new String(content, StandardCharsets.US_ASCII);
                        return parsed(file, () -> RecoveryPrivateKey.parsePem(pem, passphrase == null ? null : secret));
                    } finally {
                        Arrays.fill(content, (byte) 0);
                        Arrays.fill(secret, '\0');
                    }
                })
                .subscribeOn(files)
                .doOnDiscard(RecoveryPrivateKey.class, RecoveryPrivateKey::close);
    }

    private static <T> T parsed(Path file, Supplier<T> parse) {
        try {
            return parse.get();
        } catch (MalformedKey malformed) {
            throw new KeysFailed("recovery key " + file + ": " + malformed.getMessage(), malformed);
        }
    }
}
