package io.tidemark.pipeline.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SettingsTest {

    @Test
    void defaultsAndExamples_areOfTheirSettingsType() {
        for (Setting<?> setting : Settings.ALL) {
            assertThat(setting.type().parse(setting.example()))
                    .as(setting.pattern())
                    .isPresent();
            if (setting.byDefault() != null) {
                assertThat(setting.type().parse(setting.byDefault()))
                        .as(setting.pattern())
                        .isPresent();
            }
            assertThat(setting.documentation()).as(setting.pattern()).endsWith(".");
        }
    }

    @Test
    void noSetting_isBuiltAndPlanned() {
        for (Setting<?> setting : Settings.ALL) {
            List<String> key = Setting.split(setting.pattern().replace("*", "x").replace("#", "0"));
            assertThat(Settings.isPlanned(key)).as(setting.pattern()).isFalse();
        }
    }

    /** {@code tidemark config reference > docs/configuration.md} mends it. */
    @Test
    void reference_inTheSourceTree_isWhatTheDeclarationsSay() throws IOException {
        Path file = Path.of(System.getProperty("tidemark.root"), "docs", "configuration.md");

        assertThat(Files.readString(file)).isEqualTo(ConfigurationReference.markdown());
    }

    @Test
    void nodeName_byDefault_isTheHostAndADigestOfTheRealPath() {
        String node = NodeName.of("DB-1.example.com", Path.of("/var/lib/postgresql/17/main"));

        // printf /var/lib/postgresql/17/main | sha256sum
        assertThat(node).isEqualTo("db-1-803977");
        assertThat(NodeName.of("Ünï_host", Path.of("/"))).startsWith("-n--host-");
        assertThat(NodeName.of("h".repeat(200), Path.of("/"))).hasSize(63);
    }

    @Test
    void nearest_isFoundAcrossSlips_butNotAcrossWords() {
        List<String> known = List.of("backup", "restore", "info", "init", "keys");

        assertThat(Nearest.of("bakcup", known)).contains("backup");
        assertThat(Nearest.of("resore", known)).contains("restore");
        assertThat(Nearest.of("inti", known)).contains("init");
        assertThat(Nearest.of("delete-everything", known)).isEmpty();
    }
}
