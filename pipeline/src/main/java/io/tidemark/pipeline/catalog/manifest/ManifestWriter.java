package io.tidemark.pipeline.catalog.manifest;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Makes the lines of a manifest in order, under the same checks as a reader's, and its footer. For one thread and one
 * manifest.
 */
public final class ManifestWriter {
    private final ManifestChecks checks = new ManifestChecks();
    private final MessageDigest digest = sha256();

    /** The line's bytes. @throws IllegalArgumentException where it may not follow those before */
    public byte[] line(ManifestLine line) {
        checks.accept(line);
        byte[] bytes = ManifestLineWriter.write(line);
        digest.update(bytes);
        return bytes;
    }

    /**
     * Reads an entry's line as {@link ManifestLineWriter} wrote it.
     *
     * @throws IllegalArgumentException where a reader would refuse it
     */
    public static ManifestLine.Entry read(byte[] written) {
        ManifestLine line = ManifestLineReader.read(written, written.length - 1);
        if (!(line instanceof ManifestLine.Entry entry)) {
            throw new IllegalArgumentException("line '" + line.kind() + "' among the entries");
        }
        return entry;
    }

    /** Takes an entry, and its line. @throws IllegalArgumentException where it may not follow those before */
    public void entry(ManifestLine.Entry entry, byte[] written) {
        checks.accept(entry);
        digest.update(written);
    }

    /** The last line, counted. */
    public ManifestLine.Footer footer() {
        return checks.counted(HexFormat.of().formatHex(digest.digest()));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a Java without SHA-256", e);
        }
    }
}
