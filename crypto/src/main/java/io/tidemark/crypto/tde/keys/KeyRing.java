package io.tidemark.crypto.tde.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.MalformedKey;
import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.keyset.CheckValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The file in which pg_tde's provider {@code file} keeps principal keys: records of 292 bytes, {@code name (256, padded
 * with NUL) ‖ key (32) ‖ length (u32, the server's byte order)}, appended and never removed. Close it to wipe the keys.
 *
 * <p>pg_tde compares names without regard to case and takes the first that fits, so two records can have one name only
 * where somebody has put files together; {@link #named} gives all of them.
 */
public final class KeyRing implements AutoCloseable {
    private static final int NAME_BYTES = 256;
    private static final int KEY_BYTES = 32;
    private static final int RECORD_BYTES = NAME_BYTES + KEY_BYTES + 4;

    private final List<KeyRingEntry> entries;

    private KeyRing(List<KeyRingEntry> entries) {
        this.entries = List.copyOf(entries);
    }

    /** Whether a file of so many bytes can be a key ring with a key in it. */
    public static boolean canHave(long bytes) {
        return bytes > 0 && bytes % RECORD_BYTES == 0;
    }

    /**
     * @param content the whole file; the caller owns it and wipes it
     * @throws MalformedKey where it is none of pg_tde's, without quoting a byte of it
     */
    public static KeyRing read(byte[] content) {
        if (content.length % RECORD_BYTES != 0) {
            throw new MalformedKey("key ring of " + content.length + " bytes, which is no multiple of " + RECORD_BYTES
                    + ": it is cut, or no key ring of pg_tde");
        }
        List<KeyRingEntry> entries = new ArrayList<>();
        try {
            for (int start = 0; start < content.length; start += RECORD_BYTES) {
                entries.add(entry(content, start));
            }
        } catch (MalformedKey malformed) {
            entries.forEach(entry -> entry.key().close());
            throw malformed;
        }
        return new KeyRing(entries);
    }

    /**
     * A record, to be appended to a ring, an empty one too. pg_tde would take another key for this one where the ring has one of that name
     * already: see {@link #named}.
     *
     * @param name 1 to 255 bytes in UTF-8
     * @param key 16 or 32 bytes, lent
     * @return 292 bytes, the key among them in plain: the caller wipes them
     */
    public static byte[] record(String name, SecretBytes key) {
        if (key.length() != 16 && key.length() != KEY_BYTES) {
            throw new IllegalArgumentException("a principal key has 16 or 32 bytes, not " + key.length());
        }
        byte[] raw = key.copy(KeyAccess.insecure());
        try {
            return ByteBuffer.allocate(RECORD_BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(Content.padded(name, NAME_BYTES, "name of a principal key"))
                    .put(raw)
                    .position(NAME_BYTES + KEY_BYTES)
                    .putInt(raw.length)
                    .array();
        } finally {
            Arrays.fill(raw, (byte) 0);
        }
    }

    /** All of them, in the order of the file. */
    public List<KeyRingEntry> entries() {
        return entries;
    }

    /** Those of that name, compared as pg_tde does it, the one that it would take first. */
    public List<KeyRingEntry> named(String name) {
        return entries.stream().filter(entry -> same(entry.name(), name)).toList();
    }

    @Override
    public void close() {
        entries.forEach(entry -> entry.key().close());
    }

    @Override
    public String toString() {
        return "KeyRing[" + entries.size() + " keys]";
    }

    private static KeyRingEntry entry(byte[] content, int start) {
        int number = start / RECORD_BYTES + 1;
        int end = start;
        while (end < start + NAME_BYTES && content[end] != 0) {
            end++;
        }
        if (end == start || end == start + NAME_BYTES) {
            throw new MalformedKey(
                    "record " + number + " of the key ring has no name that ends: no key ring of pg_tde");
        }
        int length = length(content, start + NAME_BYTES + KEY_BYTES, number);
        byte[] raw = Arrays.copyOfRange(content, start + NAME_BYTES, start + NAME_BYTES + length);
        try {
            return new KeyRingEntry(
                    new String(content, start, end - start, UTF_8), SecretBytes.copyOf(raw), CheckValue.of(raw));
        } finally {
            Arrays.fill(raw, (byte) 0);
        }
    }

    /** Of a key, 16 or 32; read in either byte order, for the two cannot be taken for each other. */
    private static int length(byte[] content, int at, int number) {
        int little = (content[at] & 0xff)
                | (content[at + 1] & 0xff) << 8
                | (content[at + 2] & 0xff) << 16
                | (content[at + 3] & 0xff) << 24;
        for (int length : new int[] {little, Integer.reverseBytes(little)}) {
            if (length == 16 || length == 32) {
                return length;
            }
        }
        throw new MalformedKey("record " + number + " of the key ring has a key of " + Integer.toUnsignedString(little)
                + " bytes, where 16 or 32 are possible");
    }

    /** Without regard to the case of ASCII letters, as strcasecmp has it for names in UTF-8. */
    private static boolean same(String one, String other) {
        if (one.length() != other.length()) {
            return false;
        }
        for (int i = 0; i < one.length(); i++) {
            if (lower(one.charAt(i)) != lower(other.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static int lower(char character) {
        return character >= 'A' && character <= 'Z' ? character + ('a' - 'A') : character;
    }
}
