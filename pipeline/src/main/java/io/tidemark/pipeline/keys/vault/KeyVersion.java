package io.tidemark.pipeline.keys.vault;

import io.tidemark.crypto.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What Vault says of one version of a secret: {@code {"data":{"data":{"key":"<base64>"},"metadata":{"version":…}}}}, or of
 * why there is none. Closed by who reads it.
 */
final class KeyVersion implements AutoCloseable, JsonBytes.Values {
    private static final int MOST_ERROR_CHARACTERS = 200;

    private @Nullable SecretBytes key;
    private @Nullable String version;
    private @Nullable String error;
    private boolean hasErrors;
    private boolean isOfVersion1;
    private boolean isDeleted;
    private boolean isDestroyed;
    private boolean hasKey;

    private KeyVersion() {}

    /** @throws IllegalArgumentException where it is no JSON */
    static KeyVersion read(byte[] body) {
        KeyVersion read = new KeyVersion();
        try {
            JsonBytes.read(body, read);
        } catch (IllegalArgumentException malformed) {
            read.close();
            throw malformed;
        }
        return read;
    }

    @Override
    public void string(String path, byte[] value) {
        switch (path) {
            case "data.data.key" -> {
                hasKey = true;
                take(value);
            }
            case "data.key" -> isOfVersion1 = true;
            case "data.metadata.deletion_time" -> isDeleted = value.length > 0;
            case "errors[]" -> {
                hasErrors = true;
                if (error == null) {
                    error = cut(value);
                }
            }
            default -> {}
        }
    }

    @Override
    public void word(String path, String value) {
        switch (path) {
            // of a read, and of a write
            case "data.metadata.version", "data.version" -> version = value;
            case "data.metadata.destroyed" -> isDestroyed = value.equals("true");
            case "data.data.key" -> hasKey = true;
            default -> {}
        }
    }

    private void take(byte[] base64) {
        SecretBytes before = key;
        if (before != null) {
            before.close();
            throw new IllegalArgumentException("the key occurs twice");
        }
        byte[] compact = withoutBlanks(base64);
        try {
            byte[] raw = Base64.getDecoder().decode(compact);
            key = SecretBytes.copyOf(raw);
            Arrays.fill(raw, (byte) 0);
        } catch (IllegalArgumentException refused) {
            // not passed on: its message quotes a character of the key
            key = null;
        } finally {
            Arrays.fill(compact, (byte) 0);
        }
    }

    /** As PostgreSQL's decoder, by which pg_tde reads it, passes them over: a file's last newline, say. */
    private static byte[] withoutBlanks(byte[] base64) {
        byte[] compact = new byte[base64.length];
        int length = 0;
        for (byte one : base64) {
            if (one != ' ' && one != '\t' && one != '\n' && one != '\r') {
                compact[length++] = one;
            }
        }
        byte[] fitting = Arrays.copyOf(compact, length);
        Arrays.fill(compact, (byte) 0);
        return fitting;
    }

    private static String cut(byte[] value) {
        StringBuilder shown = new StringBuilder();
        new String(value, StandardCharsets.UTF_8)
                .chars()
                .limit(MOST_ERROR_CHARACTERS)
                .forEach(c -> shown.append(c < ' ' || c == 0x7f ? '?' : (char) c));
        return shown.toString().strip();
    }

    /** Null where there is none, or it is not in base64; lent. */
    @Nullable
    SecretBytes key() {
        return key;
    }

    /** Whether there is a field for the key, whatever is in it. */
    boolean hasKey() {
        return hasKey;
    }

    /** The number of the version; null where it is not said. */
    @Nullable
    String version() {
        return version;
    }

    /** What the server says of why; null where it says nothing. Perhaps with what it was asked in it. */
    @Nullable
    String error() {
        return error == null || error.isEmpty() ? null : error;
    }

    boolean hasErrors() {
        return hasErrors;
    }

    /** Whether it is the answer of a KV store of version 1, which has no versions of its secrets. */
    boolean isOfVersion1() {
        return isOfVersion1 && !hasKey;
    }

    /** Deleted, and perhaps to be undeleted. */
    boolean isDeleted() {
        return isDeleted;
    }

    boolean isDestroyed() {
        return isDestroyed;
    }

    @Override
    public void close() {
        SecretBytes secret = key;
        if (secret != null) {
            secret.close();
        }
    }
}
