package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.keys.provider.KeyFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code keys recipients} as a person runs it, on a repository with a key file and no recovery key. */
final class KeysRecipientsTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void initialise() throws Exception {
        new KeyFiles(directory.resolve("box.key")).write(new byte[32]);
        Files.createDirectory(directory.resolve("repository"));
        assertThat(run(0, "init", "--without-recovery-key")).contains("generation 1");
    }

    @Test
    void recipients_asConfigured_canOpenTheGenerationThatCounts() throws Exception {
        assertThat(run(0, "keys", "recipients"))
                .contains("generation 1, which counts", "opened by key file \"box\"")
                .contains("configured key file of provider \"box\": can open it");
        assertThat(run(0, "keys", "recipients", "--json"))
                .contains("\"kind\":\"file\"", "\"standing\":\"recipient\"", "\"used\":1");
    }

    @Test
    void recipients_oneConfiguredSince_cannotOpenItUntilTheNextRotation() throws Exception {
        byte[] other = new byte[32];
        other[0] = 1;
        new KeyFiles(directory.resolve("other.key")).write(other);
        String[] added = {
            "--set",
            "keys.provider.other.file=" + directory.resolve("other.key"),
            "--set",
            "keys.recipients.1.provider=other"
        };

        assertThat(run(0, with(added, "keys", "recipients")))
                .contains("configured key file of provider \"other\": CANNOT open it: `tidemark keys rotate`");
        run(0, with(added, "keys", "rotate"));

        assertThat(run(0, with(added, "keys", "recipients")))
                .contains("generation 1, until `tidemark keys prune` deletes it", "generation 2, which counts")
                .contains("configured key file of provider \"other\": can open it");
    }

    @Test
    void recipients_keyFileThatIsGone_isToldAndEndsWithFive() throws Exception {
        String[] added = {
            "--set",
            "keys.provider.other.file=" + directory.resolve("gone.key"),
            "--set",
            "keys.recipients.1.provider=other"
        };

        assertThat(run(5, with(added, "keys", "recipients")))
                .contains("configured key file of provider \"other\": cannot be had");
    }

    private static String[] with(String[] more, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private String run(int code, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "io.tidemark.pipeline.Main"));
        command.addAll(List.of(words));
        for (String setting : List.of(
                "cluster.prod.data-directory=" + directory.resolve("data"),
                "repository.local.directory=" + directory.resolve("repository"),
                "keys.provider.box.file=" + directory.resolve("box.key"),
                "keys.recipients.0.provider=box",
                "keys.memory=" + directory.resolve("memory"))) {
            command.addAll(List.of("--set", setting));
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("TIDEMARK_"));
        Path out = directory.resolve("out");
        Process process = builder.directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("has ended").isTrue();
        String said = Files.readString(out);
        assertThat(process.exitValue()).as(said).isEqualTo(code);
        return said;
    }
}
