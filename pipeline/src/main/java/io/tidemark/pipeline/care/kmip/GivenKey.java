package io.tidemark.pipeline.care.kmip;

import io.tidemark.crypto.keyset.CheckValue;
import io.tidemark.kmip.KeyMaterial;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.PrivateFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/** A key that somebody has in a file: 16 or 32 bytes, or their hexadecimal digits on one line. */
final class GivenKey {
    private static final int SHORT_BYTES = 16;
    private static final int LONG_BYTES = 32;
    /** Digits, and the end of a line. */
    private static final int MOST_BYTES = 2 * LONG_BYTES + 2;

    private GivenKey() {}

    /** The caller closes it. Blocks. Refuses a file that others can read. */
    static KeyMaterial read(Path file) {
        byte[] content = PrivateFile.read("key file", file, MOST_BYTES);
        byte[] key = new byte[0];
        try {
            key = key(file, content);
            return KeyMaterial.copyOf(key);
        } finally {
            Arrays.fill(content, (byte) 0);
            Arrays.fill(key, (byte) 0);
        }
    }

    /** 32 digits are a key of 16 bytes: that 32 bytes of a key are all digits happens in no lifetime. */
    private static byte[] key(Path file, byte[] content) {
        int end = content.length;
        while (end > 0 && (content[end - 1] == '\n' || content[end - 1] == '\r')) {
            end--;
        }
        if (end == 2 * SHORT_BYTES || end == 2 * LONG_BYTES) {
            byte[] key = new byte[end / 2];
            if (areDigits(content, end, key)) {
                return key;
            }
        }
        if (content.length == SHORT_BYTES || content.length == LONG_BYTES) {
            return content.clone();
        }
        throw new KeysFailed("key file " + file + " has neither 16 nor 32 bytes, nor 32 or 64 hexadecimal digits");
    }

    private static boolean areDigits(byte[] content, int end, byte[] key) {
        for (int i = 0; i < end; i++) {
            if (!HexFormat.isHexDigit(content[i])) {
                Arrays.fill(key, (byte) 0);
                return false;
            }
            key[i / 2] = (byte) (key[i / 2] << 4 | HexFormat.fromHexDigit(content[i]));
        }
        return true;
    }

    static CheckValue checkValue(KeyMaterial key) {
        byte[] copy = key.insecureCopy();
        try {
            return CheckValue.of(copy);
        } finally {
            Arrays.fill(copy, (byte) 0);
        }
    }
}
