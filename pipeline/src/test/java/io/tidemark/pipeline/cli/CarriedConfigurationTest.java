package io.tidemark.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.ConfigurationReader;
import io.tidemark.pipeline.config.EffectiveConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the restored server's restore_command needs so that it finds the same repositories and keys. */
final class CarriedConfigurationTest {
    @TempDir
    private Path here;

    @Test
    void file_isNamedByItsWholePath() throws IOException {
        write("tidemark.yaml");

        assertThat(words("tidemark.yaml", List.of(), Map.of(), null))
                .containsExactly("--config", here.resolve("tidemark.yaml").toString(), "--cluster", "prod");
    }

    @Test
    void fileNamedByTheEnvironment_isNamedOnTheCommandLine() throws IOException {
        Path file = write("other.yaml");

        assertThat(words(null, List.of(), Map.of("TIDEMARK_CONFIG", file.toString()), null))
                .containsExactly("--config", file.toString(), "--cluster", "prod");
    }

    @Test
    void optionsAndEnvironment_areCarriedWithPathsFromTheRoot() throws IOException {
        write("tidemark.yaml");

        assertThat(words(
                        "tidemark.yaml",
                        List.of("repository.second.directory=repo 2"),
                        Map.of("TIDEMARK_ARCHIVE_GET__PATIENCE", "1m"),
                        null))
                .containsSubsequence("--set", "repository.second.directory=" + here.resolve("repo 2"))
                .containsSubsequence("--set", "archive-get.patience=1m");
    }

    @Test
    void rootThatWasAccepted_isPinned() throws IOException {
        write("tidemark.yaml");

        assertThat(words("tidemark.yaml", List.of(), Map.of(), "00112233445566778899aabbccddeeff"))
                .containsSubsequence("--set", "cluster.prod.root=00112233445566778899aabbccddeeff");
    }

    private List<String> words(
            @Nullable String config, List<String> set, Map<String, String> environment, @Nullable String root) {
        EffectiveConfiguration effective = ConfigurationReader.read(config, set, environment, here);
        return CarriedConfiguration.words(
                new GlobalOptions(config, set, null, GlobalOptions.Verbosity.NORMAL),
                effective,
                here,
                new ClusterSettings("prod", null, null, null, null),
                root);
    }

    private Path write(String name) throws IOException {
        Path file = here.resolve(name);
        Files.writeString(file, """
                cluster:
                  prod: { data-directory: /var/lib/postgresql/17/main }
                repository:
                  local: { directory: /var/lib/tidemark }
                """);
        return file;
    }
}
