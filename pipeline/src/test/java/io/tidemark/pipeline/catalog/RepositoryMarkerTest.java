package io.tidemark.pipeline.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepositoryMarkerTest {
    private static final String CLUSTER = "3f0c9a52-7b1e-4c55-9d0e-2b6f0a1c8e77";
    private static final String GOOD = "{'format':1,'cluster':'" + CLUSTER + "','repository':'"
            + "0123456789abcdef0123456789abcdef','created':'2026-11-22T15:00:00.000000Z'}";

    @Test
    void parse_whatToJsonWrote_isTheSameMarker() {
        RepositoryMarker marker = RepositoryMarker.of(
                CLUSTER, "0123456789abcdef0123456789abcdef", Instant.parse("2026-11-22T15:00:00.123456Z"));

        assertThat(RepositoryMarker.parse(ByteBuffer.wrap(marker.toJson()))).isEqualTo(marker);
    }

    @Test
    void parse_anotherFormatNumber_isRefusedByThatNumber() {
        assertThatThrownBy(() -> parse(GOOD.replace(":1,", ":2,")))
                .hasMessage("repository format 2 is not known to this version, which reads format 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'format':1 | } | no JSON",
                "'format':1 | 'format':1.0 | expected a whole number",
                "'format':1 | 'format':'1' | expected a whole number",
                "'format':1 | 'format':15e-1 | expected a whole number",
                "'format':1 | 'format':99999999999999999999 | expected a whole number",
                "'format':1, | 'format':1,'format':1, | twice",
                "'format':1, | 'format':1,'x':[[[[[[[[[[[[[[[[[[0]]]]]]]]]]]]]]]]]], | nested deeper",
                "'format':1, | 'format':1,'x':1, | unknown field 'x'",
                "'format':1, | 'format':1,/* */ | no JSON",
                "'format':1, | `` | no field 'format'",
                "3f0c9a52 | 3F0C9A52 | cluster",
                "0123456789abcdef0123456789abcdef | 0123 | repository",
                "15:00:00.000000Z | 15:00:00Z | no time",
                "15:00:00.000000Z | 25:00:00.000000Z | no time",
                "} | }{} | no JSON",
                "{ | [{ | no JSON object"
            })
    void parse_hostileText_isRefusedSayingWhy(String replaced, String by, String why) {
        assertThatThrownBy(() -> parse(GOOD.replace(replaced, by)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void parse_bytesThatAreNoUtf8_areRefused() {
        byte[] bytes = GOOD.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        bytes[20] = (byte) 0xC0;

        assertThatThrownBy(() -> RepositoryMarker.parse(ByteBuffer.wrap(bytes))).hasMessageContaining("no UTF-8");
    }

    @Test
    void parse_everyCutOfAMarker_isRefused() {
        byte[] whole = GOOD.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < whole.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(whole, 0, length);
            assertThatThrownBy(() -> RepositoryMarker.parse(cut)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static RepositoryMarker parse(String text) {
        return RepositoryMarker.parse(ByteBuffer.wrap(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }
}
