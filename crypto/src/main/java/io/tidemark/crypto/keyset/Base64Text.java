package io.tidemark.crypto.keyset;

import java.util.Base64;

/** Base64 with padding, as RFC 4648 section 4 has it: one text for the same bytes, nothing else accepted. */
final class Base64Text {
    private Base64Text() {}

    static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    static byte[] decode(String text) {
        return Base64.getDecoder().decode(text);
    }

    /** @throws IllegalArgumentException where the text is no base64 of more than so many bytes */
    static void require(String text, int moreThan) {
        byte[] bytes;
        try {
            bytes = decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a recipient's ciphertext is no base64", e);
        }
        if (bytes.length <= moreThan || !encode(bytes).equals(text)) {
            throw new IllegalArgumentException("a recipient's ciphertext is too short or no plain base64");
        }
    }
}
