package io.tidemark.pipeline.keys.provider;

import static io.tidemark.pipeline.keys.Await.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.crypto.KeyAccess;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.UsageError;
import java.io.IOException;
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

    private KeyFiles files;
    private byte[] key = HexFormat.of().parseHex("c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7");

    @BeforeEach
    void writeKey() {
        files = new KeyFiles(directory.resolve("box.key"));
        files.write(key);
    }

    @Override
    protected byte[] keptKey() {
        return key;
    }

    @Override
    protected KeyProvider provider() {
        return new FileKeyProvider("under-test", files.path(), Schedulers.immediate());
    }

    @Override
    protected KeyReference reference() {
        return KeyReference.ONLY;
    }

    @Override
    protected void replaceKey() {
        key = key.clone();
        key[0] ^= 1;
        files.write(key);
    }

    @Override
    protected void removeKey() {
        files.delete();
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "%s\n"})
    void fetch_hexDigits_areTheSameKey(String form) {
        files.write(String.format(form, HexFormat.of().formatHex(key)).getBytes(StandardCharsets.US_ASCII));

        FetchedKey fetched = one(provider().fetch(KeyReference.ONLY));

        assertThat(fetched.bytes().copy(KeyAccess.insecure())).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw----r--", "rw-----w-", "rw-r--r--"})
    void fetch_fileOpenToOthers_isAFaultOfTheConfiguration(String mode) {
        files.permit(mode);

        assertThatThrownBy(() -> one(provider().fetch(KeyReference.ONLY)))
                .isInstanceOf(UsageError.class)
                .hasMessageContaining("open to others");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16, 31, 33, 63, 66, 291, 293, 16_384, 20_000})
    void fetch_fileOfAnotherLength_isRefusedWithoutQuotingIt(int length) {
        files.write("k".repeat(length).getBytes(StandardCharsets.US_ASCII));

        assertThatThrownBy(() -> one(provider().fetch(KeyReference.ONLY)))
                .isInstanceOf(KeysFailed.class)
                .hasMessageNotContaining("kkkk");
    }

    @Test
    void fetch_fileWithoutAnEnd_isRefused() {
        files.write(new byte[292 * 4000]);

        assertThatThrownBy(() -> one(provider().fetch(KeyReference.ONLY)))
                .isInstanceOf(KeysFailed.class)
                .hasMessageContaining("longer than 1048576 bytes");
    }

    @Test
    void fetch_directoryInPlaceOfTheFile_isRefused() throws IOException {
        files.delete();
        Files.createDirectory(
                files.path(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));

        assertThatThrownBy(() -> one(provider().fetch(KeyReference.ONLY))).isInstanceOf(KeysFailed.class);
    }
}
