package io.tidemark.crypto.tde.wal;

import io.tidemark.crypto.CryptoException;
import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.postgres.WalLocation;
import io.tidemark.crypto.tde.keys.InternalKey;
import io.tidemark.crypto.tde.keys.WalKeyFile;
import io.tidemark.crypto.tde.keys.WalKeyFile.Kind;
import io.tidemark.crypto.tde.wal.WalEncryptionRange.Encryption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Which byte of a server's WAL is encrypted with which key. A range reaches to the next one's start, the last one to infinity, timelines first:
 * one from timeline 3 to timeline 5 holds all of timeline 4. Before the first range WAL is plain. Close it to wipe the keys.
 *
 * <p>Entries of {@code wal_keys} that are invalid or have no start yet say nothing. Of two that claim the same bytes the later entry counts, for
 * it wrote them last: a standby receives a segment again from its beginning, under a new range.
 *
 * <p>Source: pg_tde 2.2.0, {@code pg_tde_fetch_wal_keys} (src/access/pg_tde_xlog_keys.c).
 */
public final class WalRangeTable implements AutoCloseable {
    static final int NONE = -1;

    /** Starts ascend strictly. */
    private final List<WalEncryptionRange> ranges;

    // the starts again, for lookups that make no object
    private final int[] timelines;
    private final long[] lsns;

    private WalRangeTable(List<WalEncryptionRange> ranges) {
        this.ranges = ranges;
        this.timelines = ranges.stream()
                .mapToInt(range -> range.start().timeline().value())
                .toArray();
        this.lsns =
                ranges.stream().mapToLong(range -> range.start().lsn().value()).toArray();
    }

    /**
     * The ranges of a server, in the order of its file.
     *
     * @param ranges given, with their keys
     */
    public static WalRangeTable of(List<WalEncryptionRange> ranges) {
        List<WalEncryptionRange> ascending = new ArrayList<>();
        for (int i = ranges.size() - 1; i >= 0; i--) {
            WalEncryptionRange range = ranges.get(i);
            if (ascending.isEmpty()
                    || range.start()
                                    .compareTo(
                                            ascending.get(ascending.size() - 1).start())
                            < 0) {
                ascending.add(range);
            } else {
                close(range);
            }
        }
        Collections.reverse(ascending);
        return new WalRangeTable(List.copyOf(ascending));
    }

    /**
     * Unwraps the keys of all ranges, those of plain ones too: as with pg_tde, one that does not open is a fault.
     *
     * @param principalKey lent
     * @throws io.tidemark.crypto.KeyMismatch where it is not the key that signed the file
     * @throws io.tidemark.crypto.DamagedTdeFile where an entry was changed
     */
    public static WalRangeTable open(WalKeyFile file, SecretBytes principalKey) {
        List<WalEncryptionRange> opened = new ArrayList<>();
        try {
            for (WalKeyFile.Entry entry : file.entries()) {
                if (entry.kind() != Kind.INVALID && entry.start().isPresent()) {
                    opened.add(opened(file, entry, entry.start().get(), principalKey));
                }
            }
        } catch (CryptoException failed) {
            opened.forEach(WalRangeTable::close);
            throw failed;
        }
        return of(opened);
    }

    private static WalEncryptionRange opened(
            WalKeyFile file, WalKeyFile.Entry entry, WalLocation start, SecretBytes principalKey) {
        InternalKey key = file.unwrap(entry, principalKey);
        if (entry.kind() == Kind.ENCRYPTED) {
            return WalEncryptionRange.encrypted(start, key);
        }
        key.close();
        return WalEncryptionRange.plain(start);
    }

    /** The same without a key: it says what is encrypted, and opens nothing. */
    public static WalRangeTable locked(WalKeyFile file) {
        List<WalEncryptionRange> locked = new ArrayList<>();
        for (WalKeyFile.Entry entry : file.entries()) {
            if (entry.kind() != Kind.INVALID && entry.start().isPresent()) {
                Encryption encryption = entry.kind() == Kind.ENCRYPTED ? Encryption.ENCRYPTED : Encryption.PLAIN;
                locked.add(new WalEncryptionRange(entry.start().get(), encryption, null));
            }
        }
        return of(locked);
    }

    /** Those that cover any WAL, ascending. */
    public List<WalEncryptionRange> ranges() {
        return ranges;
    }

    /** The range of the byte at that location; empty before the first, where WAL is plain. */
    public Optional<WalEncryptionRange> at(WalLocation location) {
        int index = indexAt(location.timeline().value(), location.lsn().value());
        return index == NONE ? Optional.empty() : Optional.of(ranges.get(index));
    }

    /** Whether any of so many bytes from there on is encrypted. */
    public boolean hasEncrypted(WalLocation start, long bytes) {
        int timeline = start.timeline().value();
        long lsn = start.lsn().value();
        long left = bytes;
        while (left > 0) {
            int index = indexAt(timeline, lsn);
            if (isEncrypted(index)) {
                return true;
            }
            long length = Math.min(left, bytesInRange(index, timeline, lsn));
            lsn += length;
            left -= length;
        }
        return false;
    }

    /** Whether all keys are here, or none is needed. */
    boolean isOpen() {
        return ranges.stream().noneMatch(range -> range.encryption() == Encryption.ENCRYPTED && range.key() == null);
    }

    boolean isEncrypted(int index) {
        return index != NONE && ranges.get(index).encryption() == Encryption.ENCRYPTED;
    }

    /** Of the last range that starts there or before, or {@link #NONE}. Makes no object. */
    int indexAt(int timeline, long lsn) {
        int low = 0;
        int high = lsns.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            int byTimeline = Integer.compareUnsigned(timelines[middle], timeline);
            if (byTimeline < 0 || byTimeline == 0 && Long.compareUnsigned(lsns[middle], lsn) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /** How many bytes of that timeline the range still holds from the LSN on; without an end on it, more than there can be. */
    long bytesInRange(int index, int timeline, long lsn) {
        int next = index + 1;
        boolean endsHere = next < lsns.length && timelines[next] == timeline;
        long bytes = endsHere ? lsns[next] - lsn : Long.MAX_VALUE;
        return bytes < 0 ? Long.MAX_VALUE : bytes;
    }

    @Override
    public void close() {
        ranges.forEach(WalRangeTable::close);
    }

    private static void close(WalEncryptionRange range) {
        if (range.key() != null) {
            range.key().close();
        }
    }

    @Override
    public String toString() {
        return "WalRangeTable" + ranges;
    }
}
