package io.tidemark.crypto.tde.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tidemark.crypto.DamagedTdeFile;
import io.tidemark.crypto.UnknownTdeVersion;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What a key file of pg_tde begins with, three letters and a number: {@code TDE} for relations' keys, {@code WEK} for the WAL's. A
 * number that is not here is refused: forks of pg_tde have taken further ones for other layouts.
 *
 * <p>Source: pg_tde 2.2.0, src/access/pg_tde_tdemap.c and src/access/pg_tde_xlog_keys.c; 2.1.2 for the older two.
 */
public enum KeyFileVersion {
    /** Relations' keys, pg_tde 1.0 to 2.1. */
    TDE_3("TDE", 3),
    /** Relations' keys since pg_tde 2.2. */
    TDE_4("TDE", 4),
    /** The WAL's keys, pg_tde 1.0 to 2.1. */
    WEK_1("WEK", 1),
    /** The WAL's keys since pg_tde 2.2. */
    WEK_2("WEK", 2);

    static final int MAGIC_BYTES = 4;

    private final String letters;
    private final int number;

    KeyFileVersion(String letters, int number) {
        this.letters = letters;
        this.number = number;
    }

    /** Of the layout, as pg_tde counts: separately for relations and for the WAL. */
    public int number() {
        return number;
    }

    boolean isOf(String wanted) {
        return letters.equals(wanted);
    }

    byte[] magic() {
        byte[] magic = Arrays.copyOf(letters.getBytes(US_ASCII), MAGIC_BYTES);
        magic[MAGIC_BYTES - 1] = (byte) number;
        return magic;
    }

    /**
     * The version whose magic stands in the content at {@code offset}; at least four bytes are there.
     *
     * @param letters those that the file must have
     */
    static KeyFileVersion read(byte[] content, int offset, String letters) {
        byte[] magic = Arrays.copyOfRange(content, offset, offset + MAGIC_BYTES);
        for (KeyFileVersion version : values()) {
            if (version.isOf(letters) && Arrays.compare(magic, version.magic()) == 0) {
                return version;
            }
        }
        if (new String(magic, 0, 3, US_ASCII).equals(letters)) {
            throw new UnknownTdeVersion(
                    letters + " version " + (magic[3] & 0xFF) + " is not known, only " + known(letters));
        }
        if (new StringBuilder(new String(magic, 1, 3, US_ASCII))
                .reverse()
                .toString()
                .equals(letters)) {
            throw new UnknownTdeVersion(letters + " version " + (magic[0] & 0xFF) + " in the byte order of a big-endian"
                    + " server is not known, only " + known(letters) + " of little-endian ones");
        }
        throw new DamagedTdeFile(offset, "no key file of pg_tde, which begins with " + letters);
    }

    private static String known(String letters) {
        return Arrays.stream(values())
                .filter(version -> version.isOf(letters))
                .map(version -> String.valueOf(version.number))
                .collect(Collectors.joining(" and "));
    }

    /** Such as {@code TDE v4}. */
    @Override
    public String toString() {
        return letters + " v" + number;
    }

    /**
     * The file {@code keys_version}: the versions that all key files of a server are known to have. There is none before pg_tde 2.2.
     *
     * @param relations {@link #TDE_3} or {@link #TDE_4}
     * @param wal {@link #WEK_1} or {@link #WEK_2}
     */
    public record Marker(KeyFileVersion relations, KeyFileVersion wal) {
        private static final int BYTES = 2 * MAGIC_BYTES;

        public Marker {
            if (!relations.isOf(RelationKeyFile.LETTERS) || !wal.isOf(WalKeyFile.LETTERS)) {
                throw new IllegalArgumentException("no pair of versions: " + relations + ", " + wal);
            }
        }

        /** @param content the whole file, lent */
        public static Marker read(ByteBuffer content) {
            byte[] bytes = Content.copy(content);
            if (bytes.length != BYTES) {
                throw new DamagedTdeFile(
                        Math.min(bytes.length, BYTES),
                        "keys_version of " + bytes.length + " bytes instead of " + BYTES);
            }
            return new Marker(
                    KeyFileVersion.read(bytes, 0, RelationKeyFile.LETTERS),
                    KeyFileVersion.read(bytes, MAGIC_BYTES, WalKeyFile.LETTERS));
        }

        /** The file. */
        public byte[] content() {
            return ByteBuffer.allocate(BYTES)
                    .put(relations.magic())
                    .put(wal.magic())
                    .array();
        }
    }
}
