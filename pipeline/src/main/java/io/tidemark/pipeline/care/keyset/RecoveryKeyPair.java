package io.tidemark.pipeline.care.keyset;

import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.keyset.RecoveryPrivateKey;
import io.tidemark.crypto.keyset.RecoveryPublicKey;
import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.config.StoreFailed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Makes a recovery key: two PEM files as OpenSSL writes them, the private one for its owner only. Nothing is ever
 * overwritten: a recovery key that is lost so is lost for good.
 */
public final class RecoveryKeyPair {
    private final SecureRandom random;
    private final Scheduler files;

    public RecoveryKeyPair(SecureRandom random, Scheduler files) {
        this.random = random;
        this.files = files;
    }

    /** Where the two halves lie. */
    public record Made(Path privateFile, Path publicFile, RecoveryPublicKey publicKey) {}

    /**
     * Draws a key and writes {@code file} and {@code file.pub}, durably.
     *
     * @param passphrase encrypts the private half (PBES2); null for none; lent, the caller wipes it
     */
    public Mono<Made> make(Path file, char @Nullable [] passphrase) {
        return Mono.fromCallable(() -> {
                    Path publicFile = Path.of(file + ".pub");
                    requireFree(file);
                    requireFree(publicFile);
                    try (RecoveryPrivateKey key = RecoveryPrivateKey.generate(random)) {
                        writePrivate(file, key, passphrase);
                        write(publicFile, key.publicKey().toPem().getBytes(StandardCharsets.US_ASCII), "rw-r--r--");
                        syncDirectory(file);
                        return new Made(file, publicFile, key.publicKey());
                    }
                })
                .subscribeOn(files);
    }

    private void writePrivate(Path file, RecoveryPrivateKey key, char @Nullable [] passphrase) {
        byte[] pem;
        if (passphrase == null) {
            try (SecretBytes plain = key.toPem()) {
                pem = plain.copy(KeyAccess.insecure());
            }
        } else {
            pem = key.toEncryptedPem(passphrase, random).getBytes(StandardCharsets.US_ASCII);
        }
        try {
            write(file, pem, "rw-------");
        } finally {
            Arrays.fill(pem, (byte) 0);
        }
    }

    private static void requireFree(Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw exists(file, null);
        }
    }

    private static void write(Path file, byte[] content, String mode) {
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)))) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(/* metaData= */ true);
        } catch (FileAlreadyExistsException there) {
            throw exists(file, there);
        } catch (IOException failure) {
            throw new StoreFailed("cannot write " + file + ": " + failure, failure);
        }
    }

    private static void syncDirectory(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(/* metaData= */ true);
        } catch (IOException failure) {
            throw new StoreFailed("cannot make " + file + " durable: " + failure, failure);
        }
    }

    private static RefusedForSafety exists(Path file, @Nullable Throwable cause) {
        return new RefusedForSafety(
                file + " exists: a recovery key is never overwritten",
                "name another file, or move that one to its safe first",
                cause);
    }
}
