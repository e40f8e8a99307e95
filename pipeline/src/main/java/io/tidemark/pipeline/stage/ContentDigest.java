package io.tidemark.pipeline.stage;

import java.util.regex.Pattern;

/**
 * What identifies a file's content.
 *
 * @param sha256 64 lower-case hex digits
 */
public record ContentDigest(String sha256, long sizeBytes) {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    public ContentDigest {
        if (!SHA256.matcher(sha256).matches()) {
            throw new IllegalArgumentException("expected 64 lower-case hex digits, got \"" + sha256 + "\"");
        }
        if (sizeBytes < 0) {
            throw new IllegalArgumentException("a size of " + sizeBytes);
        }
    }
}
