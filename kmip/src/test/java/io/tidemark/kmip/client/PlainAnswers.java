package io.tidemark.kmip.client;

import io.tidemark.kmip.testing.Reply;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.UnaryOperator;

/** Answers as bytes, changed with nothing of the codec. */
final class PlainAnswers {
    private static final String CRYPTOGRAPHIC_LENGTH = "42002a0200000004";

    private PlainAnswers() {}

    static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    /** One item with neither operation nor identifier, in a header of version major.0 (or 2147483647.2147483647). */
    static byte[] refusalWithoutIdentity(String major, int reason, String message) {
        String minor = major.equals("00000001") ? "00000000" : major;
        byte[] words = message.getBytes(StandardCharsets.UTF_8);
        int padded = (words.length + 7) / 8 * 8;
        String item = "42007f0500000004" + "0000000100000000" // Operation Failed
                + "42007e0500000004" + String.format("%08x", reason) + "00000000"
                + "42007d07" + String.format("%08x", words.length)
                + HexFormat.of().formatHex(words) + "00".repeat(padded - words.length);
        String header = "420069" + "0100000020" + "42006a0200000004" + major + "00000000" + "42006b0200000004" + minor
                + "00000000" + "42000d0200000004" + "0000000100000000";
        String body = structure("42007a", header) + structure("42000f", item);
        return hex(structure("42007b", body));
    }

    /** Every Cryptographic Length says so many bits. */
    static UnaryOperator<Reply> claiming(int bits) {
        return reply -> reply.changed(bytes -> hex(HexFormat.of()
                .formatHex(bytes)
                .replaceAll(CRYPTOGRAPHIC_LENGTH + "[0-9a-f]{8}", CRYPTOGRAPHIC_LENGTH + String.format("%08x", bits))));
    }

    /** Another text of the same length. */
    static UnaryOperator<Reply> saying(String other, String insteadOf) {
        return reply ->
                reply.changed(bytes -> hex(HexFormat.of().formatHex(bytes).replace(hexOf(insteadOf), hexOf(other))));
    }

    private static String hexOf(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return "07" + String.format("%08x", bytes.length) + HexFormat.of().formatHex(bytes);
    }

    private static String structure(String tag, String content) {
        return tag + "01" + String.format("%08x", content.length() / 2) + content;
    }
}
