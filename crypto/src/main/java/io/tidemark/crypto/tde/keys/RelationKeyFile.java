package io.tidemark.crypto.tde.keys;

import io.tidemark.crypto.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The keys of a database's encrypted relations, {@code <database's OID>_keys}: one for each relation file set, wrapped with the principal key
 * that the header names. Which database it is, the file's name says. {@code 1663_keys} is such a file without entries.
 *
 * <p>Versions 3 and 4 are read and written. Base IVs are not authenticated: one that was changed gives pages whose checksum fails.
 *
 * <p>Source: pg_tde 2.2.0, {@code TDEMapEntry} (src/access/pg_tde_tdemap.c).
 */
public final class RelationKeyFile {
    static final String LETTERS = "TDE";

    private static final int EMPTY_SLOT = 0;
    private static final int KEY = 1;

    private final KeyFileContent content;
    private final List<Entry> entries;

    private RelationKeyFile(KeyFileContent content) {
        this.content = content;
        this.entries = content.entries().stream()
                .filter(entry -> entry.type() == KEY)
                .map(Entry::new)
                .toList();
    }

    /**
     * Reads a whole file, without any key.
     *
     * @param content lent; what remains in it is the file
     * @throws io.tidemark.crypto.DamagedTdeFile where it is not what pg_tde writes, or ends within an entry
     * @throws io.tidemark.crypto.UnknownTdeVersion for a version that is not known
     */
    public static RelationKeyFile read(ByteBuffer content) {
        return checked(KeyFileContent.read(content, LETTERS, KeyFileContent.Fragment.REFUSED));
    }

    /** The same as pg_tde reads it, which does not look at an entry that is cut. For a file that stays so when it is read again. */
    public static RelationKeyFile readAsServer(ByteBuffer content) {
        return checked(KeyFileContent.read(content, LETTERS, KeyFileContent.Fragment.IGNORED));
    }

    private static RelationKeyFile checked(KeyFileContent content) {
        for (KeyEntry entry : content.entries()) {
            switch (entry.type()) {
                case EMPTY_SLOT -> {
                    if (!entry.isAllZero()) {
                        throw entry.damaged(0, "empty entry that is not all zeros");
                    }
                }
                case KEY -> {
                    if (entry.placeNumber(Entry.TABLESPACE) == 0 || entry.placeNumber(Entry.RELATION) == 0) {
                        throw entry.damaged(0, "entry for no relation");
                    }
                }
                default -> throw entry.damagedType();
            }
        }
        return new RelationKeyFile(content);
    }

    /**
     * A new file: each key wrapped, in this order.
     *
     * @param header signed with this principal key; its version is the file's
     * @param keys lent
     * @param random for the IVs under which they are wrapped
     * @throws io.tidemark.crypto.KeyMismatch where another key signed the header
     */
    public static RelationKeyFile of(
            PrincipalKeyHeader header, List<RelationKey> keys, SecretBytes principalKey, SecureRandom random) {
        if (!header.version().isOf(LETTERS)) {
            throw new IllegalArgumentException("header of version " + header.version() + " for keys of relations");
        }
        header.verify(principalKey);
        EntryLayout layout = EntryLayout.of(header.version());
        List<KeyEntry> entries = new ArrayList<>();
        for (RelationKey key : keys) {
            entries.add(KeyEntry.wrap(layout, KEY, key.place(), key.key(), principalKey, random));
        }
        return new RelationKeyFile(KeyFileContent.of(header, entries));
    }

    /** Empty for a file without a byte, which pg_tde takes for one that has no principal key yet. */
    public Optional<PrincipalKeyHeader> header() {
        return content.header();
    }

    /** Those that hold a key, in the order of the file; slots that are free are left out. */
    public List<Entry> entries() {
        return entries;
    }

    /** The entry that pg_tde would take for this relation: the first. Empty: to pg_tde the relation is a plain one. */
    public Optional<Entry> find(long tablespace, long relation) {
        return entries.stream()
                .filter(entry -> entry.tablespace() == tablespace && entry.relation() == relation)
                .findFirst();
    }

    /**
     * The key in an entry of this file; the header is verified first.
     *
     * @param principalKey lent
     * @throws io.tidemark.crypto.KeyMismatch where it is not the key that signed the header
     * @throws io.tidemark.crypto.DamagedTdeFile where it is, and yet the entry does not open
     */
    public InternalKey unwrap(Entry entry, SecretBytes principalKey) {
        return content.unwrap(entry.entry, principalKey);
    }

    /** The file, byte for byte, but for an entry that was cut. */
    public byte[] content() {
        return content.bytes();
    }

    @Override
    public String toString() {
        return "RelationKeyFile[" + header().map(PrincipalKeyHeader::toString).orElse("no header") + ", "
                + entries.size() + " keys]";
    }

    /** A relation's wrapped key. */
    public static final class Entry {
        private static final int TABLESPACE = 0;
        private static final int RELATION = 4;

        private final KeyEntry entry;

        private Entry(KeyEntry entry) {
            this.entry = entry;
        }

        /** The tablespace's OID, 32 bits unsigned; pg_default is 1663. */
        public long tablespace() {
            return Integer.toUnsignedLong(entry.placeNumber(TABLESPACE));
        }

        /** The relation's file number, 32 bits unsigned. */
        public long relation() {
            return Integer.toUnsignedLong(entry.placeNumber(RELATION));
        }

        public InternalKey.Cipher cipher() {
            return entry.cipher();
        }

        /** Where it stands in the file, in bytes. */
        public long offset() {
            return entry.offset();
        }

        /** SHA-256, in hex, of base IV ‖ wrapped key: the same entry has the same one wherever it was copied. Not secret. */
        public String fingerprint() {
            return entry.fingerprint();
        }

        @Override
        public String toString() {
            return tablespace() + "/" + relation() + " " + cipher();
        }
    }

    /**
     * A key and the relation that it is for.
     *
     * @param tablespace OID, 32 bits unsigned
     * @param relation file number, 32 bits unsigned
     * @param key owned by whoever made this
     */
    public record RelationKey(long tablespace, long relation, InternalKey key) {
        public RelationKey {
            if (tablespace < 1 || tablespace > 0xFFFFFFFFL || relation < 1 || relation > 0xFFFFFFFFL) {
                throw new IllegalArgumentException("no relation: " + tablespace + "/" + relation);
            }
        }

        private byte[] place() {
            return ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt((int) tablespace)
                    .putInt((int) relation)
                    .array();
        }
    }
}
