package io.tidemark.pipeline.catalog.manifest;

import io.tidemark.pipeline.catalog.manifest.ManifestLine.Footer;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Kind;
import io.tidemark.pipeline.config.IntegrityFailed;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a manifest in, lines out: splits, reads, and checks each line against those before and the footer against
 * all. Holds one line at a time, of at most {@link #MAX_LINE_BYTES}. Nothing is complete before {@link #end} returned.
 * For one thread.
 */
final class ManifestParser {
    /** docs/FORMAT.md section 5. */
    static final int MAX_LINE_BYTES = 64 << 20;

    private static final int FIRST_LINE_BYTES = 8192;

    private final String manifest;
    private final ManifestChecks checks = new ManifestChecks();
    private final MessageDigest digest = sha256();
    private byte[] line = new byte[FIRST_LINE_BYTES];
    private int length;
    private long number = 1;

    /** @param manifest what messages call it: where it lies and its label */
    ManifestParser(String manifest) {
        this.manifest = manifest;
    }

    /** Takes what remains of {@code bytes} and gives the lines that end in it. @throws IntegrityFailed naming the line */
    void feed(ByteBuffer bytes, Consumer<ManifestLine> lines) {
        while (bytes.hasRemaining()) {
            int newline = newlineIn(bytes);
            int end = newline < 0 ? bytes.limit() : newline;
            append(bytes, end - bytes.position());
            if (newline >= 0) {
                bytes.get();
                lines.accept(parsed());
                length = 0;
                number++;
            }
        }
    }

    /** @throws IntegrityFailed where the footer has not come or bytes follow it */
    void end() {
        if (length > 0) {
            throw failed("the last line has no end", null);
        }
        if (!checks.isComplete()) {
            throw failed("the footer is missing", null);
        }
    }

    private ManifestLine parsed() {
        try {
            ManifestLine parsed = ManifestLineReader.read(line, length);
            if (parsed.kind() == Kind.FOOTER) {
                requireDigest((Footer) parsed);
            }
            checks.accept(parsed);
            digest.update(line, 0, length);
            digest.update((byte) '\n');
            return parsed;
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw failed(String.valueOf(e.getMessage()), e);
        }
    }

    private void requireDigest(Footer footer) {
        String found = HexFormat.of().formatHex(digest.digest());
        if (!found.equals(footer.sha256())) {
            throw new IllegalArgumentException(
                    "the lines before have SHA-256 " + found + ", the footer says " + footer.sha256());
        }
    }

    private void append(ByteBuffer bytes, int count) {
        if (count > MAX_LINE_BYTES - length) {
            throw failed("more than " + MAX_LINE_BYTES + " bytes", null);
        }
        if (length + count > line.length) {
            line = Arrays.copyOf(line, Math.min(MAX_LINE_BYTES, Math.max(length + count, line.length * 2)));
        }
        bytes.get(line, length, count);
        length += count;
    }

    private static int newlineIn(ByteBuffer bytes) {
        for (int i = bytes.position(); i < bytes.limit(); i++) {
            if (bytes.get(i) == '\n') {
                return i;
            }
        }
        return -1;
    }

    private IntegrityFailed failed(String what, @Nullable Throwable cause) {
        return new IntegrityFailed("manifest " + manifest + ", line " + number + ": " + what, cause);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a Java without SHA-256", e);
        }
    }
}
