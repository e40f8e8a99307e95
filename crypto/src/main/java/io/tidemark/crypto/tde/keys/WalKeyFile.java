package io.tidemark.crypto.tde.keys;

import io.tidemark.crypto.DamagedTdeFile;
import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalLocation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a server's WAL, {@code wal_keys}: an entry for each start of the server, wrapped with the server's principal key. An entry says
 * from where on the WAL was encrypted with its key, or was plain; what that means for a byte is {@code WalRangeTable}'s work.
 *
 * <p>Versions 1 and 2 are read and written. Where a range starts and its base IV are not authenticated, in version 1 its kind neither, and of
 * a range that is invalid nothing is: pg_tde changes these bytes in place.
 *
 * <p>Source: pg_tde 2.2.0, {@code WalKeyFileEntry} (src/access/pg_tde_xlog_keys.c).
 */
public final class WalKeyFile {
    static final String LETTERS = "WEK";

    private final KeyFileContent content;
    private final List<Entry> entries;

    private WalKeyFile(KeyFileContent content) {
        this.content = content;
        this.entries = content.entries().stream().map(Entry::new).toList();
    }

    /**
     * Reads a whole file, without any key.
     *
     * @param content lent; what remains in it is the file
     * @throws DamagedTdeFile where it is not what pg_tde writes, or ends within an entry
     * @throws io.tidemark.crypto.UnknownTdeVersion for a version that is not known
     */
    public static WalKeyFile read(ByteBuffer content) {
        return new WalKeyFile(KeyFileContent.read(content, LETTERS, KeyFileContent.Fragment.REFUSED));
    }

    /** The same as pg_tde reads it, which does not look at an entry that is cut. For a file that stays so when it is read again. */
    public static WalKeyFile readAsServer(ByteBuffer content) {
        return new WalKeyFile(KeyFileContent.read(content, LETTERS, KeyFileContent.Fragment.IGNORED));
    }

    /** A file of this header alone: all WAL is plain, until the server makes its own first range. */
    public static WalKeyFile of(PrincipalKeyHeader header) {
        if (!header.version().isOf(LETTERS)) {
            throw new IllegalArgumentException("header of version " + header.version() + " for keys of WAL");
        }
        return new WalKeyFile(KeyFileContent.of(header, List.of()));
    }

    /**
     * This file and one entry more.
     *
     * @param start null: not yet known, as pg_tde writes it before the first write of WAL
     * @param key lent; pg_tde makes one for plain ranges too
     * @param principalKey lent
     * @param random for the IV under which the key is wrapped
     * @throws io.tidemark.crypto.KeyMismatch where another key signed the header
     */
    public WalKeyFile append(
            Kind kind, @Nullable WalLocation start, InternalKey key, SecretBytes principalKey, SecureRandom random) {
        if (kind == Kind.INVALID) {
            throw new IllegalArgumentException("a range that is invalid is none to add");
        }
        PrincipalKeyHeader header = content.header()
                .orElseThrow(() -> new IllegalArgumentException("a file without a header takes no entry"));
        header.verify(principalKey);
        List<KeyEntry> longer = new ArrayList<>(content.entries());
        longer.add(wrapped(header.version(), kind, start, key, principalKey, random));
        return new WalKeyFile(KeyFileContent.of(header, longer));
    }

    private static KeyEntry wrapped(
            KeyFileVersion version,
            Kind kind,
            @Nullable WalLocation start,
            InternalKey key,
            SecretBytes principalKey,
            SecureRandom random) {
        ByteBuffer place = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        if (start != null) {
            place.putLong(start.lsn().value()).putInt(start.timeline().value());
        }
        return KeyEntry.wrap(EntryLayout.of(version), kind.number(), place.array(), key, principalKey, random);
    }

    /** Empty for a file without a byte, which pg_tde takes for one that has no principal key yet. */
    public Optional<PrincipalKeyHeader> header() {
        return content.header();
    }

    /** All of them, in the order of the file, those included that say nothing of any WAL. */
    public List<Entry> entries() {
        return entries;
    }

    /** Whether a start was read while the server wrote it: the file has to be read again. */
    public boolean hasTornStart() {
        return entries.stream().anyMatch(Entry::isTorn);
    }

    /**
     * The key in an entry of this file; the header is verified first.
     *
     * @param principalKey lent
     * @throws io.tidemark.crypto.KeyMismatch where it is not the key that signed the header
     * @throws DamagedTdeFile where it is, and yet the entry does not open, which none does whose kind is {@link Kind#INVALID}
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
        return "WalKeyFile[" + header().map(PrincipalKeyHeader::toString).orElse("no header") + ", " + entries.size()
                + " ranges]";
    }

    /** What a range says of its WAL, in pg_tde's numbers. */
    public enum Kind {
        /** Overtaken by the next range, which starts no later. */
        INVALID,
        PLAIN,
        ENCRYPTED;

        int number() {
            return ordinal();
        }
    }

    /** A range's wrapped key, and where the range starts. */
    public static final class Entry {
        private static final int TIMELINE = 8;

        private final KeyEntry entry;
        private final Kind kind;

        private Entry(KeyEntry entry) {
            this.entry = entry;
            int type = entry.type();
            if (type < 0 || type >= Kind.values().length) {
                throw entry.damagedType();
            }
            this.kind = Kind.values()[type];
        }

        public Kind kind() {
            return kind;
        }

        /** Where it starts. Empty before its first write, which may never have come, and where it {@linkplain #isTorn is torn}. */
        public Optional<WalLocation> start() {
            return timeline() == 0 || entry.placeLong() == 0
                    ? Optional.empty()
                    : Optional.of(new WalLocation(new TimelineId(timeline()), new Lsn(entry.placeLong())));
        }

        boolean isTorn() {
            return (timeline() == 0) != (entry.placeLong() == 0);
        }

        private int timeline() {
            return entry.placeNumber(TIMELINE);
        }

        /** Also said of plain ranges, whose key is never used. */
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
            return kind + " " + cipher() + " from "
                    + start().map(WalLocation::toString).orElse("nowhere yet");
        }
    }
}
