package io.tidemark.pipeline.keys;

import static io.tidemark.pipeline.keys.Await.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.SecretBytes;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.UsageError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Schedulers;

class FileKeyProviderTest extends KeyProviderContract {
    @TempDir
    private Path directory;

    private Path file;
    private byte[] key = HexFormat.of().parseHex("c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7");

    @BeforeEach
    void writeKey() {
        file = directory.resolve("box.key");
        write(key, "rw-------");
    }

    @Override
    protected byte[] keptKey() {
        return key;
    }

    @Override
    protected KeyProvider provider() {
        return new FileKeyProvider("under-test", file, Schedulers.immediate());
    }

    @Override
    protected KeyReference reference() {
        return KeyReference.ONLY;
    }

    @Override
    protected void replaceKey() {
        key = key.clone();
        key[0] ^= 1;
        write(key, "rw-------");
    }

    @Override
    protected void removeKey() {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "%s\n"})
    void fetch_hexDigits_areTheSameKey(String form) {
        write(String.format(form, HexFormat.of().formatHex(key)).getBytes(StandardCharsets.US_ASCII), "rw-------");

        SecretBytes fetched = one(provider().fetch(KeyReference.ONLY));

        assertThat(fetched.copy(KeyAccess.insecure())).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw----r--", "rw-----w-", "rw-r--r--"})
    void fetch_fileOpenToOthers_isAFaultOfTheConfiguration(String mode) {
        write(key, mode);

        assertThatThrownBy(() -> provider().fetch(KeyReference.ONLY).block())
                .isInstanceOf(UsageError.class)
                .hasMessageContaining("open to others");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16, 31, 33, 63, 66, 16_384, 20_000})
    void fetch_fileOfAnotherLength_isRefusedWithoutQuotingIt(int length) {
        write("k".repeat(length).getBytes(StandardCharsets.US_ASCII), "rw-------");

        assertThatThrownBy(() -> provider().fetch(KeyReference.ONLY).block())
                .isInstanceOf(KeysFailed.class)
                .hasMessageNotContaining("kkkk");
    }

    @Test
    void fetch_directoryInPlaceOfTheFile_isRefused() throws IOException {
        Files.delete(file);
        Files.createDirectory(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));

        assertThatThrownBy(() -> provider().fetch(KeyReference.ONLY).block()).isInstanceOf(KeysFailed.class);
    }

    private void write(byte[] content, String mode) {
        try {
            Files.write(file, content);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
