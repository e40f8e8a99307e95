package io.tidemark.pipeline.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.config.RecipientSettings.OfProvider.How;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README tells people to write reads as a configuration. */
final class ReadmeTest {
    private static final Pattern YAML = Pattern.compile("(?ms)^( *)```yaml\n(.*?)^ *```");

    @TempDir
    private Path directory;

    private List<Configuration> configurations() throws IOException {
        String readme = Files.readString(Path.of(System.getProperty("tidemark.root"), "README.md"));
        List<Configuration> read = new ArrayList<>();
        for (Matcher block = YAML.matcher(readme); block.find(); ) {
            Path file = directory.resolve("block" + read.size() + ".yaml");
            Files.writeString(file, block.group(2).replaceAll("(?m)^" + block.group(1), ""));
            read.add(ConfigurationReader.read(file.toString(), List.of(), Map.of(), directory)
                    .configuration());
        }
        return read;
    }

    @Test
    void everyBlockOfYaml_isAConfiguration() throws IOException {
        assertThat(configurations()).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void keysInAKms_haveBothKindsOfServersAndARecoveryKey() throws IOException {
        KeySettings keys = configurations().stream()
                .map(Configuration::keys)
                .filter(settings -> settings.providers().containsKey("kms"))
                .findFirst()
                .orElseThrow();

        assertThat(keys.providers().get("kms")).isInstanceOfSatisfying(KeyProviderSettings.InKmip.class, kmip -> {
            assertThat(kmip.hosts()).hasSize(2);
            assertThat(kmip.key()).isNotNull();
        });
        assertThat(keys.providers().get("vault")).isInstanceOf(KeyProviderSettings.InVault.class);
        assertThat(keys.recipients())
                .contains(new RecipientSettings.OfProvider("kms", "tidemark-prod", How.GET))
                .hasAtLeastOneElementOfType(RecipientSettings.Recovery.class);
    }
}
