package io.tidemark.pipeline.catalog.manifest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Where a symbolic link points, absolute or not: 1 to 4,096 bytes without NUL, in the same escaped form as paths. */
public final class LinkTarget {
    private final byte[] raw;

    private LinkTarget(byte[] raw) {
        this.raw = raw;
        if (raw.length == 0 || raw.length > PathBytes.MAX_BYTES) {
            throw new IllegalArgumentException("no link target: " + raw.length + " bytes");
        }
        for (byte b : raw) {
            if (b == 0) {
                throw new IllegalArgumentException("no link target: '" + PathBytes.escape(raw) + "' has a NUL");
            }
        }
    }

    public static LinkTarget ofBytes(byte[] raw) {
        return new LinkTarget(raw.clone());
    }

    /** An absolute path on this machine. */
    public static LinkTarget of(Path absolute) {
        return new LinkTarget(PathBytes.of(absolute));
    }

    /** What the link on disk says, relative or not, byte for byte. */
    public static LinkTarget ofLink(Path link) throws IOException {
        Path target = Files.readSymbolicLink(link);
        byte[] absolute = PathBytes.of(target);
        if (target.isAbsolute()) {
            return new LinkTarget(absolute);
        }
        // only absolute paths give up their bytes: take the working directory off again
        int start = PathBytes.of(Path.of("")).length;
        int slash = start == 1 ? 1 : start + 1;
        return new LinkTarget(Arrays.copyOfRange(absolute, slash, absolute.length));
    }

    /** Reads {@link #toString}'s form. @throws IllegalArgumentException naming the target and what is wrong with it */
    public static LinkTarget parse(String escaped) {
        try {
            return new LinkTarget(PathBytes.unescape(escaped));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("no link target: '" + escaped + "': " + e.getMessage(), e);
        }
    }

    public boolean isAbsolute() {
        return raw[0] == '/';
    }

    /** The target on this machine. @throws IllegalStateException where it is not absolute */
    public Path toPath() {
        if (!isAbsolute()) {
            throw new IllegalStateException("relative link target '" + this + "' taken for an absolute one");
        }
        return PathBytes.toPath(raw);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LinkTarget target && Arrays.equals(raw, target.raw);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(raw);
    }

    /** The escaped form; {@link #parse} reads it back. */
    @Override
    public String toString() {
        return PathBytes.escape(raw);
    }
}
