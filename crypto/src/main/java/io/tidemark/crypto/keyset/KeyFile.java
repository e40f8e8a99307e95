package io.tidemark.crypto.keyset;

import io.tidemark.crypto.MalformedKey;
import io.tidemark.crypto.SecretBytes;
import java.util.Arrays;

/**
 * The two forms of a key file: exactly 32 raw bytes, or 64 hex digits and an optional newline.
 *
 * <p>They cannot be confused: their lengths differ. Source: docs/FORMAT.md section 4.
 */
public final class KeyFile {
    private static final int RAW_BYTES = 32;
    private static final int HEX_DIGITS = 64;

    private KeyFile() {}

    /**
     * @param content the whole file; the caller owns it and wipes it
     * @throws MalformedKey for any other form, without quoting a byte of it
     */
    public static SecretBytes parse(byte[] content) {
        if (content.length == RAW_BYTES) {
            return SecretBytes.copyOf(content);
        }
        boolean hex = content.length == HEX_DIGITS || content.length == HEX_DIGITS + 1 && content[HEX_DIGITS] == '\n';
        if (!hex) {
            throw new MalformedKey("key file of " + content.length
                    + " bytes. HINT: exactly 32 raw bytes, or 64 hex digits and an optional newline");
        }
        byte[] key = new byte[RAW_BYTES];
        try {
            for (int i = 0; i < RAW_BYTES; i++) {
                key[i] = (byte) (digit(content[2 * i]) << 4 | digit(content[2 * i + 1]));
            }
            return SecretBytes.copyOf(key);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private static int digit(byte character) {
        // Character.digit would also take digits of other scripts, were the byte widened to one
        if (character >= '0' && character <= '9') {
            return character - '0';
        }
        if (character >= 'a' && character <= 'f') {
            return character - 'a' + 10;
        }
        if (character >= 'A' && character <= 'F') {
            return character - 'A' + 10;
        }
        throw new MalformedKey("key file of hex digits holds another character");
    }
}
