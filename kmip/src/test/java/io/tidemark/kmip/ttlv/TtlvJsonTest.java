package io.tidemark.kmip.ttlv;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.kmip.ttlv.TtlvPrinter.Secrets;
import java.math.BigInteger;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class TtlvJsonTest {
    private static String hidden(TtlvItem item) {
        return new TtlvJson(Secrets.HIDDEN).print(item);
    }

    @Test
    void print_aMessage_isTheEncodingOfTheSpecification() {
        Structure item = Structure.of(Tag.BATCH_ITEM)
                .enumeration(Tag.OPERATION, 0x0A)
                .enumeration(Tag.OBJECT_TYPE, 0x80000001)
                .integer(Tag.CRYPTOGRAPHIC_USAGE_MASK, 12)
                .integer(Tag.CRYPTOGRAPHIC_LENGTH, 256)
                .add(new TtlvItem.BooleanItem(new Tag(0x540001), true))
                .add(new TtlvItem.Interval(Tag.ROTATE_INTERVAL, 60))
                .add(new TtlvItem.DateTime(Tag.TIME_STAMP, 1_795_355_132L))
                .add(ByteString.copyOf(Tag.IV_COUNTER_NONCE, new byte[] {1, (byte) 0xAB}))
                .build();

        assertThat(hidden(item))
                .isEqualTo("{\"tag\":\"BatchItem\",\"type\":\"Structure\",\"value\":["
                        + "{\"tag\":\"Operation\",\"type\":\"Enumeration\",\"value\":\"Get\"},"
                        + "{\"tag\":\"ObjectType\",\"type\":\"Enumeration\",\"value\":\"0x80000001\"},"
                        + "{\"tag\":\"CryptographicUsageMask\",\"type\":\"Integer\",\"value\":\"Encrypt|Decrypt\"},"
                        + "{\"tag\":\"CryptographicLength\",\"type\":\"Integer\",\"value\":256},"
                        + "{\"tag\":\"0x540001\",\"type\":\"Boolean\",\"value\":true},"
                        + "{\"tag\":\"RotateInterval\",\"type\":\"Interval\",\"value\":60},"
                        + "{\"tag\":\"TimeStamp\",\"type\":\"DateTime\",\"value\":\"2026-11-22T13:45:32Z\"},"
                        + "{\"tag\":\"IVCounterNonce\",\"type\":\"ByteString\",\"value\":\"01ab\"}]}");
    }

    @Test
    void print_numbersThatAreTooLarge_areText() {
        Tag tag = Tag.ROTATE_OFFSET;

        assertThat(hidden(new TtlvItem.LongIntegerItem(tag, -5))).endsWith("\"value\":-5}");
        assertThat(hidden(new TtlvItem.LongIntegerItem(tag, Long.MAX_VALUE)))
                .endsWith("\"value\":\"0x7fffffffffffffff\"}");
        assertThat(hidden(new TtlvItem.LongIntegerItem(tag, Long.MIN_VALUE)))
                .endsWith("\"value\":\"0x8000000000000000\"}");
        assertThat(hidden(new TtlvItem.BigIntegerItem(tag, BigInteger.valueOf(-2))))
                .endsWith("\"value\":\"0xfe\"}");
    }

    @Test
    void print_aServersWords_cannotEndTheTextNorDirectATerminal() {
        assertThat(hidden(TextString.of(Tag.RESULT_MESSAGE, "a\"b\\c\n\u001B[2J\u202E\uDBC0\uDC00é")))
                .isEqualTo("{\"tag\":\"ResultMessage\",\"type\":\"TextString\",\"value\":"
                        + "\"a\\\"b\\\\c\\u000a\\u001b[2J\\u202e\\udbc0\\udc00é\"}");
    }

    @Test
    void t112_print_keys_onlyWhereTheyAreAskedFor() {
        String key = "00112233445566778899aabbccddeeff";
        Structure block = Structure.of(Tag.KEY_BLOCK)
                .add(Structure.of(Tag.KEY_VALUE)
                        .add(ByteString.copyOf(Tag.KEY_MATERIAL, HexFormat.of().parseHex(key)))
                        .build())
                .text(Tag.PASSWORD, "sesame")
                .add(ByteString.copyOf(Tag.named("OpaqueDataValue").orElseThrow(), new byte[] {7, 7}))
                .build();

        assertThat(hidden(block))
                .contains("{\"tag\":\"KeyMaterial\",\"type\":\"ByteString\",\"hidden\":true,\"bytes\":16}")
                .contains("{\"tag\":\"Password\",\"type\":\"TextString\",\"hidden\":true}")
                .doesNotContain(key.substring(0, 6), "sesame", "0707");
        assertThat(new TtlvJson(Secrets.SHOWN).print(block)).contains("\"value\":\"" + key + "\"", "sesame");
    }
}
