package io.tidemark.kmip.ttlv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class TtlvPrinterTest {
    private static final String KEY = "00112233445566778899aabbccddeeff";

    private static final Structure MESSAGE = Structure.of(Tag.RESPONSE_MESSAGE)
            .add(Structure.of(Tag.BATCH_ITEM)
                    .enumeration(Tag.OPERATION, 0x0A)
                    .enumeration(Tag.RESULT_STATUS, 0)
                    .enumeration(Tag.RESULT_REASON, 0x37)
                    .enumeration(Tag.OBJECT_TYPE, 0x80000001)
                    .build())
            .add(Structure.of(Tag.ATTRIBUTE)
                    .text(Tag.ATTRIBUTE_NAME, "Cryptographic Usage Mask")
                    .integer(Tag.ATTRIBUTE_VALUE, 0x8000000C)
                    .build())
            .add(Structure.of(Tag.ATTRIBUTE)
                    .text(Tag.ATTRIBUTE_NAME, "State")
                    .enumeration(Tag.ATTRIBUTE_VALUE, 2)
                    .build())
            .add(Structure.of(Tag.KEY_VALUE)
                    .add(ByteString.copyOf(Tag.KEY_MATERIAL, HexFormat.of().parseHex(KEY)))
                    .build())
            .enumeration(Tag.ATTRIBUTE_REFERENCE, 0x42008D)
            .text(Tag.NAME_VALUE, "a\"b\u001B[2J")
            .add(new TtlvItem.DateTime(Tag.TIME_STAMP, 1_795_355_132L))
            .add(new TtlvItem.Interval(Tag.ROTATE_INTERVAL, 60))
            .add(new TtlvItem.BooleanItem(new Tag(0x540001), true))
            .build();

    @Test
    void print_aMessage_readsLikeTheSpecification() {
        assertThat(new TtlvPrinter(TtlvPrinter.Secrets.HIDDEN).print(MESSAGE)).isEqualTo("""
                ResponseMessage
                  BatchItem
                    Operation Enumeration Get
                    ResultStatus Enumeration Success
                    ResultReason Enumeration ObjectNotFound
                    ObjectType Enumeration 0x80000001
                  Attribute
                    AttributeName TextString "Cryptographic Usage Mask"
                    AttributeValue Integer Encrypt Decrypt 0x80000000
                  Attribute
                    AttributeName TextString "State"
                    AttributeValue Enumeration Active
                  KeyValue
                    KeyMaterial ByteString (16 bytes)
                  AttributeReference Enumeration State
                  NameValue TextString "a\\"b\\u{1b}[2J"
                  TimeStamp DateTime 2026-11-22T13:45:32Z
                  RotateInterval Interval 60 s
                  0x540001 Boolean true
                """);
    }

    @Test
    void t112_print_keysAndData_onlyWhereTheyAreAskedFor() {
        assertThat(new TtlvPrinter(TtlvPrinter.Secrets.HIDDEN).print(MESSAGE)).doesNotContain(KEY.substring(0, 8));
        assertThat(new TtlvPrinter(TtlvPrinter.Secrets.SHOWN).print(MESSAGE)).contains("KeyMaterial ByteString " + KEY);
        assertThat(MESSAGE.toString()).doesNotContain(KEY.substring(0, 8));

        Structure transparent = Structure.of(Tag.KEY_MATERIAL)
                .add(ByteString.copyOf(new Tag(0x42002E), new byte[] {1, 2, 3}))
                .add(new TtlvItem.BigIntegerItem(Tag.KEY, java.math.BigInteger.TEN))
                .text(Tag.PASSWORD, "sesame")
                .build();
        assertThat(new TtlvPrinter(TtlvPrinter.Secrets.HIDDEN).print(transparent))
                .contains("(3 bytes)", "BigInteger (hidden)", "TextString (hidden)")
                .doesNotContain("sesame", "010203");
    }

    @Test
    void names_ofTheSpecification_areFoundBothWays() {
        assertThat(Tag.named("CryptographicLength")).hasValue(Tag.CRYPTOGRAPHIC_LENGTH);
        assertThat(Tag.named("IVCounterNonce")).hasValue(Tag.IV_COUNTER_NONCE);
        assertThat(Tag.named("PKCS_12FriendlyName")).isPresent();
        assertThat(Tag.named("Nonsense")).isEmpty();
        assertThat(new Tag(0x420167)).hasToString("0x420167");
        assertThat(new Tag(0x420167).isKnown()).isFalse();
        assertThat(EnumerationNames.nameOf(Tag.RESULT_REASON, 0x100)).isEqualTo("GeneralFailure");
        assertThat(EnumerationNames.nameOf(Tag.MASK_GENERATOR_HASHING_ALGORITHM, 6))
                .isEqualTo("SHA_256");
        assertThat(EnumerationNames.nameOf(Tag.named("ProfileName").orElseThrow(), 1))
                .isEqualTo("BaselineServerBasicKMIPV1_2");
    }

    @Test
    void bytes_ofAMessageInAnyForm_areTheSame() {
        byte[] message = HexFormat.of().parseHex("42007b01000000084200200100000000");
        String hex = HexFormat.of().formatHex(message);

        assertThat(TtlvText.bytes(message)).isEqualTo(message);
        assertThat(TtlvText.bytes(ascii(hex))).isEqualTo(message);
        assertThat(TtlvText.bytes(ascii("0x" + hex.toUpperCase(java.util.Locale.ROOT) + "\n")))
                .isEqualTo(message);
        assertThat(TtlvText.bytes(ascii(hex.replaceAll("(..)(?=.)", "$1:")))).isEqualTo(message);
        assertThat(TtlvText.bytes(ascii(hex.replaceAll("(.{16})", "$1\n  ")))).isEqualTo(message);
        assertThat(TtlvText.bytes(Base64.getEncoder().encode(message))).isEqualTo(message);
        assertThat(TtlvText.bytes(Base64.getUrlEncoder().withoutPadding().encode(message)))
                .isEqualTo(message);
        assertThatThrownBy(() -> TtlvText.bytes(ascii(" \n"))).hasMessageContaining("empty");
        assertThatThrownBy(() -> TtlvText.bytes(ascii("hello, world!"))).hasMessageContaining("neither");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }
}
