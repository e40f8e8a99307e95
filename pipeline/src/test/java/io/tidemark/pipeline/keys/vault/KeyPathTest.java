package io.tidemark.pipeline.keys.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.keys.provider.KeyReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyPathTest {
    @ParameterizedTest
    @CsvSource({
        "tidemark-prod, tidemark-prod",
        "team/a/key_1.2, team/a/key_1.2",
        "two words, two%20words",
        "clé, cl%C3%A9",
        "a:b@c+d, a:b@c+d",
        "..., ...",
        "a\"b<c>, a%22b%3Cc%3E"
    })
    void of_name_isThePathThatPgTdeReaches(String name, String path) {
        assertThat(KeyPath.of("kv/pg", KeyReference.named(name))).isEqualTo("/v1/kv/pg/data/" + path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "a/",
                "/a",
                "a//b",
                ".",
                "..",
                "../sys/raw",
                "a/../../b",
                "a/.",
                "a?list=true",
                "a#b",
                "a%2e",
                "a\\b",
                "a\r\nX-Vault-Token: b",
                "a\u0000",
                "a\u007f"
            })
    void of_nameThatLeadsElsewhere_isRefusedWithoutRepeatingIt(String name) {
        assertThatThrownBy(() -> KeyPath.of("secret", KeyReference.named(name)))
                .isInstanceOf(KeysFailed.class)
                .hasMessageNotContaining("X-Vault");
    }

    @Test
    void of_nameAsLongAsPgTdeAllows_isTaken() {
        assertThat(KeyPath.of("secret", KeyReference.named("k".repeat(255)))).endsWith("k".repeat(255));
        assertThatThrownBy(() -> KeyPath.of("secret", KeyReference.named("é".repeat(128))))
                .isInstanceOf(KeysFailed.class);
    }

    @Test
    void of_version_isANumberAndNothingElse() {
        assertThat(KeyPath.of("secret", new KeyReference("a", "12", null))).isEqualTo("/v1/secret/data/a?version=12");
        for (String version : new String[] {"", "x", "1&list=true", "-1", "1 ", "12345678901"}) {
            assertThatThrownBy(() -> KeyPath.of("secret", new KeyReference("a", version, null)))
                    .as(version)
                    .isInstanceOf(KeysFailed.class);
        }
    }

    @Test
    void of_noName_isRefused() {
        assertThatThrownBy(() -> KeyPath.of("secret", KeyReference.ONLY)).isInstanceOf(KeysFailed.class);
    }
}
