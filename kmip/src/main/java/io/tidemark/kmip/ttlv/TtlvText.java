package io.tidemark.kmip.ttlv;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A message as a person has it: the bytes themselves, hexadecimal as a log prints it (with or without 0x, colons, white space), or
 * base64. TTLV always has a byte that no text has, a zero in its tag or length, so there is no doubt which one it is.
 */
public final class TtlvText {
    private TtlvText() {}

    /** The bytes of the message that the input means. */
    public static byte[] bytes(byte[] input) {
        for (byte b : input) {
            if (b < ' ' && b != '\n' && b != '\r' && b != '\t' || b == 0x7F) {
                return input.clone();
            }
        }
        String text = new String(input, StandardCharsets.ISO_8859_1).strip();
        String packed = text.replaceAll("[\\s:,]|0[xX](?=[0-9A-Fa-f])", "");
        if (packed.isEmpty()) {
            throw new MalformedMessage("no message: the input is empty");
        }
        if (packed.chars().allMatch(HexFormat::isHexDigit)) {
            return hexadecimal(packed);
        }
        return base64(text.replaceAll("\\s", ""));
    }

    /** Base64 of a message has other characters too: its tag sees to that. */
    private static byte[] hexadecimal(String digits) {
        if (digits.length() % 2 != 0) {
            throw MalformedMessage.of("%d hexadecimal digits, and a byte has two: one is missing", digits.length());
        }
        return HexFormat.of().parseHex(digits);
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException e) {
            throw new MalformedMessage("the input is neither TTLV nor hexadecimal nor base64", e);
        }
    }
}
