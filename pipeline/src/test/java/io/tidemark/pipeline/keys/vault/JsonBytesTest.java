package io.tidemark.pipeline.keys.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBytesTest {
    private static final String ANSWER = """
            {"request_id":"b3","lease_duration":0,"renewable":false,"auth":null,
             "data":{"data":{"key":"qk\\/x\\u003d"},"metadata":{"version":3,"destroyed":false,"deletion_time":""}},
             "warnings":[],"errors":["one","two"]}
            """;

    @Test
    void read_anAnswer_saysEachValueWithItsPath() {
        assertThat(values(ANSWER))
                .containsExactly(
                        "request_id=b3",
                        "lease_duration:0",
                        "renewable:false",
                        "auth:null",
                        "data.data.key=qk/x=",
                        "data.metadata.version:3",
                        "data.metadata.destroyed:false",
                        "data.metadata.deletion_time=",
                        "errors[]=one",
                        "errors[]=two");
    }

    @ParameterizedTest
    @CsvSource({"a\\\"b, a\"b", "\\\\, \\", "\\u00e9\\t., é\t.", "é, é"})
    void read_escapes_areWhatTheyStandFor(String written, String meant) {
        assertThat(values("[\"" + written + "\"]")).containsExactly("[]=" + meant);
    }

    @Test
    void read_controlCharactersThatAreEscaped_areTaken() {
        assertThat(values("[\"\\b\\f\\n\\r\\t\"]")).containsExactly("[]=\b\f\n\r\t");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[",
                "\"",
                "\"a",
                "\"\\",
                "\"\\u12",
                "\"\\x\"",
                "\"\n\"",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "[1,]",
                "[1 2]",
                "{}x",
                "{} {}",
                "{a:1}",
                "{'a':1}",
                "@",
                "{\"a\":1",
                "[[1]",
                "<html>",
                "/**/{}"
            })
    void read_whatIsNoJson_isRefused(String text) {
        assertThatThrownBy(() -> values(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no JSON");
    }

    @Test
    void read_depthBeyondTheLimit_isRefusedAndNoStackOverflows() {
        assertThat(values("[".repeat(16) + "1" + "]".repeat(16))).hasSize(1);
        assertThatThrownBy(() -> values("[".repeat(50_000))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> values("{\"a\":".repeat(10_000))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void read_mutatedAnswers_endInAValueOrARefusal() {
        int runs = 2000 * Integer.getInteger("tidemark.effort", 1);
        for (int seed = 1; seed <= runs; seed++) {
            Random random = new Random(seed);
            byte[] text = ANSWER.getBytes(UTF_8);
            for (int i = random.nextInt(4); i >= 0; i--) {
                text[random.nextInt(text.length)] = (byte) random.nextInt(256);
            }
            try {
                JsonBytes.read(text, new Collected(new ArrayList<>()));
            } catch (IllegalArgumentException refused) {
                assertThat(refused).as("seed " + seed).hasMessage("no JSON");
            } catch (RuntimeException other) {
                throw new AssertionError("seed " + seed, other);
            }
        }
    }

    private static List<String> values(String text) {
        List<String> values = new ArrayList<>();
        JsonBytes.read(text.getBytes(UTF_8), new Collected(values));
        return values;
    }

    private record Collected(List<String> values) implements JsonBytes.Values {
        @Override
        public void string(String path, byte[] value) {
            values.add(path + "=" + new String(value, UTF_8));
        }

        @Override
        public void word(String path, String value) {
            values.add(path + ":" + value);
        }
    }
}
