package io.tidemark.pipeline.catalog.manifest;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where a file lies below the data directory: one or more parts with {@code /} between, none empty, none {@code .} or
 * {@code ..}, no NUL; at most 4,096 bytes. Files of a tablespace lie under {@code pg_tblspc/<oid>/}. Bytes, not text:
 * compared and ordered as unsigned bytes.
 */
public final class FilePath implements Comparable<FilePath> {
    private final byte[] raw;

    private FilePath(byte[] raw) {
        this.raw = raw;
        String fault = faultOf(raw);
        if (!fault.isEmpty()) {
            throw new IllegalArgumentException(
                    "no path below the data directory: '" + PathBytes.escape(raw) + "' " + fault);
        }
    }

    /** @throws IllegalArgumentException naming the path and what is wrong with it */
    public static FilePath ofBytes(byte[] raw) {
        return new FilePath(raw.clone());
    }

    /** A path that needs no escapes, such as {@code global/pg_control}; its bytes are the text's UTF-8. */
    public static FilePath of(String text) {
        return new FilePath(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads {@link #toString}'s form. @throws IllegalArgumentException naming the path and what is wrong with it */
    public static FilePath parse(String escaped) {
        byte[] raw;
        try {
            raw = PathBytes.unescape(escaped);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("no path: '" + escaped + "' is " + e.getMessage(), e);
        }
        return new FilePath(raw);
    }

    /** The path of an entry of a directory, by the entry's own name on disk. */
    public static FilePath nameOf(Path entry) {
        byte[] whole = PathBytes.of(entry);
        int start = whole.length;
        while (start > 0 && whole[start - 1] != '/') {
            start--;
        }
        return new FilePath(Arrays.copyOfRange(whole, start, whole.length));
    }

    /** This path, and {@code below} under it. */
    public FilePath child(FilePath below) {
        byte[] joined = Arrays.copyOf(raw, raw.length + 1 + below.raw.length);
        joined[raw.length] = '/';
        System.arraycopy(below.raw, 0, joined, raw.length + 1, below.raw.length);
        return new FilePath(joined);
    }

    /** This path, and the plain name below it. */
    public FilePath child(String name) {
        return child(of(name));
    }

    /** The file on disk, {@code root} being the data directory; every byte is kept, whatever the locale. */
    public Path under(Path root) {
        byte[] start = PathBytes.of(root);
        boolean atRoot = start.length == 1;
        byte[] joined = Arrays.copyOf(start, start.length + (atRoot ? 0 : 1) + raw.length);
        int at = start.length;
        if (!atRoot) {
            joined[at++] = '/';
        }
        System.arraycopy(raw, 0, joined, at, raw.length);
        return PathBytes.toPath(joined);
    }

    /** Whether this lies somewhere below {@code directory}. */
    public boolean isBelow(FilePath directory) {
        int length = directory.raw.length;
        return raw.length > length + 1 && raw[length] == '/' && Arrays.equals(raw, 0, length, directory.raw, 0, length);
    }

    /** Whether this lies in {@code directory} itself, not deeper. */
    public boolean isDirectlyBelow(FilePath directory) {
        return isBelow(directory) && lastSlash() == directory.raw.length;
    }

    /** Whether this lies in the data directory itself. */
    public boolean isAtTop() {
        return lastSlash() < 0;
    }

    /** The last part, as text of Latin-1: for comparing with PostgreSQL's own names, which are ASCII. */
    public String name() {
        int start = lastSlash() + 1;
        return new String(raw, start, raw.length - start, StandardCharsets.ISO_8859_1);
    }

    /** How many parts the path has. */
    public int depth() {
        int depth = 1;
        for (byte b : raw) {
            depth += b == '/' ? 1 : 0;
        }
        return depth;
    }

    /** A copy. */
    public byte[] bytes() {
        return raw.clone();
    }

    @Override
    public int compareTo(FilePath other) {
        return Arrays.compareUnsigned(raw, other.raw);
    }

    /** Whether every path below this one would stand before {@code path} in the order of bytes. */
    boolean allEntriesBefore(FilePath path) {
        return !path.isBelow(this) && Arrays.compareUnsigned(withSlash(), path.raw) < 0;
    }

    private byte[] withSlash() {
        byte[] joined = Arrays.copyOf(raw, raw.length + 1);
        joined[raw.length] = '/';
        return joined;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FilePath path && Arrays.equals(raw, path.raw);
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

    private int lastSlash() {
        int at = raw.length - 1;
        while (at >= 0 && raw[at] != '/') {
            at--;
        }
        return at;
    }

    private static String faultOf(byte[] raw) {
        if (raw.length == 0) {
            return "is empty";
        }
        if (raw.length > PathBytes.MAX_BYTES) {
            return "has more than " + PathBytes.MAX_BYTES + " bytes";
        }
        if (raw[0] == '/') {
            return "is absolute";
        }
        int start = 0;
        for (int i = 0; i <= raw.length; i++) {
            if (i < raw.length && raw[i] == 0) {
                return "has a NUL";
            }
            if (i == raw.length || raw[i] == '/') {
                int length = i - start;
                if (length == 0) {
                    return "has an empty part";
                }
                if (raw[start] == '.' && (length == 1 || length == 2 && raw[start + 1] == '.')) {
                    return "has a part '.' or '..'";
                }
                start = i + 1;
            }
        }
        return "";
    }
}
