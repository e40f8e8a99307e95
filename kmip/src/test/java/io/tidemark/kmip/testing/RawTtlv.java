package io.tidemark.kmip.testing;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Finds items in a message by their tags and lengths alone, with nothing of the codec that is under test. */
final class RawTtlv {
    static final int HEADER = 8;
    private static final int STRUCTURE = 1;

    private RawTtlv() {}

    /** Where items with this tag begin, at any depth. */
    static List<Integer> find(byte[] message, int tag) {
        List<Integer> found = new ArrayList<>();
        int at = 0;
        while (at + HEADER <= message.length) {
            if (int32(message, at) >>> 8 == tag) {
                found.add(at);
            }
            int length = int32(message, at + 4);
            at += HEADER + (message[at + 3] == STRUCTURE ? 0 : (length + 7) / 8 * 8);
        }
        return found;
    }

    static int int32(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | bytes[at + 3] & 0xff;
    }

    /** The value of the item that begins there. */
    static String hex(byte[] message, int at) {
        int length = int32(message, at + 4);
        return HexFormat.of().formatHex(message, at + HEADER, at + HEADER + length);
    }
}
