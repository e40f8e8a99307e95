package io.tidemark.crypto.tde.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.crypto.DamagedTdeFile;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Reads and writes what all of pg_tde's files are made of: C structures, little-endian, texts padded with NUL. */
final class Content {
    private Content() {}

    /** What remains in the buffer, whose position stays. */
    static byte[] copy(ByteBuffer lent) {
        byte[] bytes = new byte[lent.remaining()];
        lent.duplicate().get(bytes);
        return bytes;
    }

    /**
     * The bytes of a text up to its NUL.
     *
     * @param what for the message
     */
    static byte[] text(byte[] content, int offset, int size, long fileOffset, String what) {
        int end = offset;
        while (end < offset + size && content[end] != 0) {
            end++;
        }
        if (end == offset) {
            throw new DamagedTdeFile(fileOffset, what + " is empty");
        }
        if (end == offset + size) {
            throw new DamagedTdeFile(fileOffset, what + " has no end within " + size + " bytes");
        }
        return Arrays.copyOfRange(content, offset, end);
    }

    /** @throws IllegalArgumentException where the text is empty, does not fit or has a NUL in it */
    static byte[] padded(String text, int size, String what) {
        byte[] utf8 = text.getBytes(UTF_8);
        if (utf8.length == 0 || utf8.length >= size || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    what + " of " + utf8.length + " bytes, where 1 to " + (size - 1) + " without NUL are possible");
        }
        return Arrays.copyOf(utf8, size);
    }
}
