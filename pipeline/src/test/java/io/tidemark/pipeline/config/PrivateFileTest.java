package io.tidemark.pipeline.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PrivateFileTest {
    @TempDir
    Path directory;

    private Path file(String mode) throws IOException {
        Path file = directory.resolve("box.key");
        Files.write(file, new byte[32]);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        return file;
    }

    @Test
    void file_ofTheCallerAlone_isRead() throws IOException {
        assertThat(PrivateFile.read("key file", file("rw-------"), 65)).hasSize(32);
        assertThat(PrivateFile.read("key file", file("r--------"), 32)).hasSize(32);
    }

    @Test
    void t112_fileThatOthersCanReadOrWrite_isRefused() throws IOException {
        for (String mode : new String[] {"rw----r--", "rw-----w-", "rw--w----", "rw-rw----", "rw------x"}) {
            Path file = file(mode);

            assertThatThrownBy(() -> PrivateFile.read("key file", file, 65))
                    .as(mode)
                    .isInstanceOf(UsageError.class)
                    .hasMessageContaining("open to others");
        }
    }

    @Test
    void rule_forTheGroup_isPostgresOwn() {
        new OwnFile(Path.of("k"), 0, 0100640).requirePrivate("key file");
        int caller = OwnFile.caller();
        if (caller != 0) {
            assertThatThrownBy(() -> new OwnFile(Path.of("k"), caller, 0100640).requirePrivate("key file"))
                    .isInstanceOf(UsageError.class);
        }
        assertThatThrownBy(() -> new OwnFile(Path.of("k"), caller + 4711, 0100600).requirePrivate("key file"))
                .hasMessageContaining("belongs to user");
        assertThatThrownBy(() -> new OwnFile(Path.of("k"), caller + 4711, 0100600).requireTrusted("file"))
                .hasMessageContaining("belongs to user");
    }

    @Test
    void file_thatIsMissingOrTooLong_isAKeyFailure() throws IOException {
        Path file = file("rw-------");

        assertThatThrownBy(() -> PrivateFile.read("key file", file, 31)).isInstanceOf(KeysFailed.class);
        assertThatThrownBy(() -> PrivateFile.read("key file", directory.resolve("no.key"), 31))
                .isInstanceOf(KeysFailed.class)
                .hasMessageContaining("does not exist");
    }
}
