package io.tidemark.pipeline.care.kmip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.config.StoreFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RevealedFileTest {
    private static final byte[] KEY = new byte[32];

    @TempDir
    Path directory;

    /** An interrupted thread can open a file and not write into it. */
    @Test
    void t115_writeThatIsInterrupted_takesTheFileAway() {
        Path file = directory.resolve("key");
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> RevealedFile.write(file, KEY)).isInstanceOf(StoreFailed.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void fileThatAppearsAfterTheLook_isNeitherOverwrittenNorTakenAway() throws IOException {
        Path file = directory.resolve("key");
        RevealedFile.requireFree(file);
        Files.writeString(file, "somebody's");

        assertThatThrownBy(() -> RevealedFile.write(file, KEY)).isInstanceOf(RefusedForSafety.class);
        assertThat(file).hasContent("somebody's");
    }
}
