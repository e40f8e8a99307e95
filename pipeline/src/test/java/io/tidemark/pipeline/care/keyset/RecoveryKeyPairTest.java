package io.tidemark.pipeline.care.keyset;

import static io.tidemark.pipeline.keys.Await.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.crypto.keyset.RecoveryPrivateKey;
import io.tidemark.crypto.keyset.RecoveryPublicKey;
import io.tidemark.pipeline.config.RefusedForSafety;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;

class RecoveryKeyPairTest {
    @TempDir
    private Path directory;

    private final RecoveryKeyPair pair = new RecoveryKeyPair(new SecureRandom(), Schedulers.immediate());

    @Test
    void make_withoutPassphrase_writesBothHalvesThePrivateOneForItsOwnerOnly() throws IOException {
        RecoveryKeyPair.Made made = one(pair.make(directory.resolve("recovery.pem"), null));

        String text = Files.readString(made.privateFile());
        assertThat(text).startsWith("-----BEGIN PRIVATE KEY-----");
        assertThat(mode(made.privateFile())).isEqualTo("rw-------");
        assertThat(mode(made.publicFile())).isEqualTo("rw-r--r--");
        try (RecoveryPrivateKey key = RecoveryPrivateKey.parsePem(text, null)) {
            assertThat(key.publicKey()).isEqualTo(made.publicKey());
        }
        assertThat(RecoveryPublicKey.parsePem(Files.readString(made.publicFile())))
                .isEqualTo(made.publicKey());
    }

    @Test
    void make_withPassphrase_writesAnEncryptedPrivateHalf() throws IOException {
        char[] passphrase = "correct horse".toCharArray();

        RecoveryKeyPair.Made made = one(pair.make(directory.resolve("recovery.pem"), passphrase));

        String text = Files.readString(made.privateFile());
        assertThat(text).startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
        try (RecoveryPrivateKey key = RecoveryPrivateKey.parsePem(text, passphrase)) {
            assertThat(key.publicKey()).isEqualTo(made.publicKey());
        }
    }

    @Test
    void make_whereEitherHalfExists_overwritesNothing() throws IOException {
        Path file = directory.resolve("recovery.pem");
        Files.writeString(file, "mine");
        assertThatThrownBy(() -> one(pair.make(file, null))).isInstanceOf(RefusedForSafety.class);
        assertThat(directory.resolve("recovery.pem.pub")).doesNotExist();

        Path other = directory.resolve("other.pem");
        Files.createSymbolicLink(directory.resolve("other.pem.pub"), directory.resolve("nowhere"));
        assertThatThrownBy(() -> one(pair.make(other, null))).isInstanceOf(RefusedForSafety.class);
        assertThat(other).doesNotExist();
        assertThat(Files.readString(file)).isEqualTo("mine");
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
