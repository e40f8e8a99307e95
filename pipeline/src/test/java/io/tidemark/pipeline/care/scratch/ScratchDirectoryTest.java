package io.tidemark.pipeline.care.scratch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScratchDirectoryTest {
    @TempDir
    private Path elsewhere = Path.of("");

    @Test
    void close_removesEverything_butNothingBehindALink() throws IOException {
        Path kept = Files.writeString(elsewhere.resolve("kept"), "content");
        ScratchDirectory scratch = ScratchDirectory.create("scratch-test-");
        Path directory = scratch.given("data");
        Files.writeString(directory.resolve("file"), "content");
        Files.createSymbolicLink(directory.resolve("link"), elsewhere);

        scratch.close();

        assertThat(scratch.root()).doesNotExist();
        assertThat(kept).exists();
    }

    @Test
    void given_isTheAccountsAlone_readableIsNobodysToChange() throws IOException {
        try (ScratchDirectory scratch = ScratchDirectory.create("scratch-test-")) {
            Path given = scratch.given("data");
            Path readable = scratch.readable("programs");
            Path secret = scratch.givenFile("key", new byte[32]);

            assertThat(mode(given)).isEqualTo("rwx------");
            assertThat(Files.getAttribute(given, "unix:uid"))
                    .isEqualTo(scratch.account().uid());
            assertThat(mode(readable)).isEqualTo("rwxr-xr-x");
            assertThat(mode(secret)).isEqualTo("rw-------");
            assertThat(Files.getAttribute(secret, "unix:uid"))
                    .isEqualTo(scratch.account().uid());
        }
    }

    @Test
    void account_isNeverRoot() {
        try (ScratchDirectory scratch = ScratchDirectory.create("scratch-test-")) {
            assertThat(scratch.account().uid()).isNotZero();
        }
    }

    @Test
    void sizeBytes_ofWhatIsNotThere_isNothing() {
        assertThat(ScratchDirectory.sizeBytes(elsewhere.resolve("none"))).isZero();
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
