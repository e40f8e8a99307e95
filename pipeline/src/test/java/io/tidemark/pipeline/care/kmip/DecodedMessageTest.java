package io.tidemark.pipeline.care.kmip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.google.gson.JsonParser;
import io.tidemark.kmip.testing.Recording;
import io.tidemark.pipeline.config.IntegrityFailed;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class DecodedMessageTest {
    /** Requests that were made wrong, to see what servers say: of no type that exists, and with bytes where padding is. */
    private static final List<String> MADE_WRONG =
            List.of("malformed-unknown-type", "malformed-nonzero-padding", "malformed-truncated-inner-length");

    /** A Key Material of bytes: tag, type, a length below 256, the bytes. */
    private static final Pattern KEY = Pattern.compile("42004308000000([0-9a-f]{2})");

    private static DecodedMessage decoded(String hex) {
        return DecodedMessage.of(hex.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void everyMessageOfTheSample_isATreeAndJsonAndItsOwnBytesAgain() {
        assertThat(decodeAll(Recording.sample())).isGreaterThan(200);
    }

    @Test
    void everyMessageThatWasRecorded_isATreeAndJsonAndItsOwnBytesAgain() {
        List<Recording> all = Recording.all();
        assumeFalse(all.isEmpty(), "the recorded conversations (shared/fixtures/kmip) are not beside the project");
        assertThat(decodeAll(all)).isGreaterThan(2_000);
    }

    private static int decodeAll(List<Recording> recordings) {
        int messages = 0;
        for (Recording recording : recordings) {
            if (!MADE_WRONG.contains(recording.name())) {
                decode(recording.requestHex(), "request of " + recording);
                messages++;
            }
            if (!recording.responseHex().isEmpty()) {
                decode(recording.responseHex(), "response of " + recording);
                messages++;
            }
        }
        return messages;
    }

    private static void decode(String hex, String what) {
        DecodedMessage decoded = decoded(hex);
        String tree = decoded.tree();
        String json = decoded.json();

        assertThat(decoded.reencoded()).as(what).isEqualTo(hex);
        assertThat(tree).as(what).startsWith(hex.startsWith("420078") ? "RequestMessage\n" : "ResponseMessage\n");
        assertThat(JsonParser.parseString(json).getAsJsonObject().get("value").isJsonArray())
                .as(what)
                .isTrue();
        for (Matcher key = KEY.matcher(hex); key.find(); ) {
            int length = Integer.parseInt(key.group(1), 16);
            String bytes = hex.substring(key.end(), Math.min(hex.length(), key.end() + 2 * length));
            if (length >= 16) {
                assertThat(tree).as(what).doesNotContainIgnoringCase(bytes);
                assertThat(json).as(what).doesNotContainIgnoringCase(bytes);
            }
        }
    }

    @Test
    void wrongTtlv_isRefusedWithTheOffsetAndWhatWasExpected() {
        assertThatThrownBy(() -> decoded("4200780F00000000"))
                .isInstanceOf(IntegrityFailed.class)
                .hasMessage(
                        "no valid TTLV: RequestMessage at offset 0 is of unknown type 0x0F: types are 0x01 to 0x0B");
        assertThatThrownBy(() -> decoded("4200780100000010 42006A0200000008 0000000100000000"))
                .hasMessageContaining("ProtocolVersionMajor at offset 8 has a length of 8, which no Integer has: 4");
        assertThatThrownBy(() -> decoded("42007801 00000020 42006A02 00000004 00000001 00000000"))
                .hasMessageContaining("at offset 0 announces 32 bytes, and 16 are left");
        assertThatThrownBy(() -> decoded("42007801 00000000 420078"))
                .hasMessageContaining("3 bytes follow the message, which ends at offset 8");
        assertThatThrownBy(() -> decoded("420078")).hasMessageContaining("3 bytes at offset 0 are no item");
        assertThatThrownBy(() -> decoded("42007")).hasMessageContaining("5 hexadecimal digits");
        assertThatThrownBy(() -> decoded("")).hasMessageContaining("empty");
        assertThatThrownBy(() -> decoded("no message at all!")).hasMessageContaining("neither TTLV nor hexadecimal");
    }

    @Test
    void t64_moreThanTheLimits_isRefusedBeforeItCostsMuch() {
        assertThatThrownBy(() -> DecodedMessage.of(new byte[DecodedMessage.MOST_INPUT_BYTES + 1]))
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining("more than");
        assertThatThrownBy(() -> decoded("42007801 FFFFFFF8")).hasMessageContaining("announces 4294967288 bytes");
        assertThatThrownBy(() -> DecodedMessage.of(nested(5_000)))
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining("deeper than 32");
        byte[] digits = new byte[DecodedMessage.MOST_INPUT_BYTES];
        Arrays.fill(digits, (byte) '4');
        assertThatThrownBy(() -> DecodedMessage.of(digits)).hasMessageContaining("are the most that one may have");
        Arrays.fill(digits, (byte) 'Q');
        assertThatThrownBy(() -> DecodedMessage.of(digits)).hasMessageContaining("are the most that one may have");
    }

    private static byte[] nested(int depth) {
        StringBuilder hex = new StringBuilder();
        for (int level = 0; level < depth; level++) {
            hex.append(String.format("42007801%08x", 8 * (depth - level - 1)));
        }
        return HexFormat.of().parseHex(hex);
    }

    @Test
    void whatACorrectWriterWouldWriteOtherwise_isReadAndNotReencoded() {
        DecodedMessage padded = decoded("4200940700000001 61000000000000FF");

        assertThat(padded.tree()).isEqualTo("UniqueIdentifier TextString \"a\"\n");
        assertThatThrownBy(padded::reencoded)
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining("they differ from offset 15 on");

        DecodedMessage wide = decoded("4200940400000010 00000000000000000000000000000005");
        assertThatThrownBy(wide::reencoded).hasMessageContaining("they differ from offset 7 on");
    }
}
