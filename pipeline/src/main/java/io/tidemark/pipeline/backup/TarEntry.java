package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.config.IntegrityFailed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The header of a tar member as PostgreSQL writes it: {@code name 100 ‖ mode 8 ‖ uid 8 ‖ gid 8 ‖ size 12 ‖ mtime 12 ‖ checksum 8 ‖
 * type 1 ‖ link name 100 ‖ "ustar" NUL "00" ‖ … ‖ prefix 155}, 512 bytes. Numbers are octal, or, where they are too long for
 * that, binary with the first bit set.
 *
 * <p>Source: PostgreSQL 17, src/port/tar.c; POSIX.1-2017, pax, ustar Interchange Format.
 */
final class TarEntry {
    static final int HEADER_BYTES = 512;

    private static final int NAME_BYTES = 100;
    private static final int SIZE_OFFSET = 124;
    private static final int CHECKSUM_OFFSET = 148;
    private static final int CHECKSUM_BYTES = 8;
    private static final int TYPE_OFFSET = 156;
    private static final int PREFIX_OFFSET = 345;

    private final byte[] header;
    private final String where;

    /** The kinds of member that a base backup has. */
    enum Kind {
        FILE,
        DIRECTORY,
        LINK
    }

    /**
     * @param header 512 bytes, lent
     * @param where the archive, for messages
     * @throws IntegrityFailed where they are no header
     */
    static TarEntry parse(ByteBuffer header, String where) {
        byte[] copy = new byte[HEADER_BYTES];
        header.get(copy);
        TarEntry entry = new TarEntry(copy, where);
        entry.requireChecksum();
        return entry;
    }

    private TarEntry(byte[] header, String where) {
        this.header = header;
        this.where = where;
    }

    Kind kind() {
        char type = (char) (header[TYPE_OFFSET] & 0xff);
        return switch (type) {
            case '0', '\0' -> Kind.FILE;
            case '2' -> Kind.LINK;
            case '5' -> Kind.DIRECTORY;
            default -> throw broken("a member of type '" + type + "'");
        };
    }

    /** The path as it stands there, without the slash that ends a directory's and the {@code ./} before those in {@code pg_wal}. */
    byte[] name() {
        byte[] name = text(0, NAME_BYTES);
        byte[] prefix = text(PREFIX_OFFSET, HEADER_BYTES - PREFIX_OFFSET - 12);
        byte[] whole = name;
        if (prefix.length > 0) {
            whole = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
            whole[prefix.length] = '/';
            System.arraycopy(name, 0, whole, prefix.length + 1, name.length);
        }
        int length = whole.length;
        while (length > 1 && whole[length - 1] == '/') {
            length--;
        }
        int start = whole.length > 2 && whole[0] == '.' && whole[1] == '/' ? 2 : 0;
        return Arrays.copyOfRange(whole, start, length);
    }

    /** Of a file's content, in bytes; nothing else has content. */
    long size() {
        return kind() == Kind.FILE ? number(SIZE_OFFSET, 12) : 0;
    }

    /** The permission bits. */
    int mode() {
        return (int) (number(NAME_BYTES, 8) & 07777);
    }

    /** Seconds since 1970. */
    long modified() {
        return number(136, 12);
    }

    private byte[] text(int offset, int length) {
        int end = offset;
        while (end < offset + length && header[end] != 0) {
            end++;
        }
        return Arrays.copyOfRange(header, offset, end);
    }

    private void requireChecksum() {
        long sum = 0;
        for (int i = 0; i < HEADER_BYTES; i++) {
            boolean own = i >= CHECKSUM_OFFSET && i < CHECKSUM_OFFSET + CHECKSUM_BYTES;
            sum += own ? ' ' : header[i] & 0xff;
        }
        if (sum != number(CHECKSUM_OFFSET, CHECKSUM_BYTES)) {
            throw broken("a member whose header has the wrong checksum");
        }
    }

    private long number(int offset, int length) {
        if ((header[offset] & 0x80) != 0) {
            return binary(offset, length);
        }
        String octal = new String(text(offset, length), StandardCharsets.ISO_8859_1).strip();
        try {
            return octal.isEmpty() ? 0 : Long.parseLong(octal, 8);
        } catch (NumberFormatException e) {
            IntegrityFailed broken = broken("a member with '" + octal.replaceAll("[^ -~]", "?") + "' for a number");
            broken.addSuppressed(e);
            throw broken;
        }
    }

    private long binary(int offset, int length) {
        long value = header[offset] & 0x7f;
        for (int i = 1; i < length; i++) {
            if (value >>> 54 != 0) {
                throw broken("a member with a number of more than 62 bits");
            }
            value = value << 8 | header[offset + i] & 0xff;
        }
        return value;
    }

    private IntegrityFailed broken(String what) {
        return new IntegrityFailed(where + " has " + what + ": it is no archive of a base backup");
    }
}
