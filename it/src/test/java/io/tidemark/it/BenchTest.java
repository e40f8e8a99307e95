package io.tidemark.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The benchmark's harness counts what it says it counts. What it measures is measured by hand: deploy/bench/README.md. */
class BenchTest {
    private static final Path BENCH = Path.of(System.getProperty("tidemark.root"), "deploy/bench/bench");

    /** Medians, ratios, alternation; failed runs; processor time and memory of children and of what they leave behind. */
    @Test
    void selfTest_ofTheHarness_passes() throws IOException, InterruptedException {
        assumeTrue(isPython(), "needs: python3 of 3.11 or later");
        Process process = new ProcessBuilder(BENCH.toString(), "self-test")
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).contains("OK");
    }

    private static boolean isPython() throws InterruptedException {
        try {
            return new ProcessBuilder("python3", "-c", "import sys; sys.exit(sys.version_info < (3, 11))")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
