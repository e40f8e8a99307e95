package io.tidemark.pipeline.keys.vault;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/** A key of Tidemark's own, in the form in which pg_tde would write one, on the condition that there is none. */
final class NewKey {
    private static final int BYTES = 32;

    private NewKey() {}

    /** The body of a write; the caller owns it and wipes it. */
    static byte[] json(SecureRandom random) {
        byte[] key = new byte[BYTES];
        random.nextBytes(key);
        byte[] base64 = Base64.getEncoder().encode(key);
        byte[] before = "{\"options\":{\"cas\":0},\"data\":{\"key\":\"".getBytes(US_ASCII);
        byte[] after = "\"}}".getBytes(US_ASCII);
        byte[] json = Arrays.copyOf(before, before.length + base64.length + after.length);
        System.arraycopy(base64, 0, json, before.length, base64.length);
        System.arraycopy(after, 0, json, before.length + base64.length, after.length);
        Arrays.fill(key, (byte) 0);
        Arrays.fill(base64, (byte) 0);
        return json;
    }
}
