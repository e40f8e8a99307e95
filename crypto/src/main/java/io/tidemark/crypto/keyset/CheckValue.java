package io.tidemark.crypto.keyset;

import com.google.crypto.tink.subtle.PrfAesCmac;
import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.MalformedKey;
import io.tidemark.crypto.SecretBytes;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The check value of an AES key: the first 5 bytes of AES-CMAC(key, 16 zero bytes) in lower-case hex. It finds mistakes,
 * such as the wrong file, not attacks. Not secret.
 *
 * <p>Source: ANSI X9.24-1; docs/FORMAT.md section 4.
 */
public record CheckValue(String hex) {
    private static final int BYTES = 5;
    private static final int BLOCK_BYTES = 16;
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{10}");

    public CheckValue {
        if (!FORM.matcher(hex).matches()) {
            throw new IllegalArgumentException("no check value of ten lower-case hex digits: '" + hex + "'");
        }
    }

    /** The check value of a key of 16 or 32 bytes. */
    public static CheckValue of(SecretBytes aesKey) {
        byte[] raw = aesKey.copy(KeyAccess.insecure());
        try {
            return of(raw);
        } finally {
            Arrays.fill(raw, (byte) 0);
        }
    }

    /** The same for a bare array, which stays the caller's. */
    public static CheckValue of(byte[] aesKey) {
        try {
            return new CheckValue(
                    HexFormat.of().formatHex(new PrfAesCmac(aesKey).compute(new byte[BLOCK_BYTES], BYTES)));
        } catch (GeneralSecurityException e) {
            throw new MalformedKey("an AES key has 16 or 32 bytes, not " + aesKey.length, e);
        }
    }

    @Override
    public String toString() {
        return hex;
    }
}
