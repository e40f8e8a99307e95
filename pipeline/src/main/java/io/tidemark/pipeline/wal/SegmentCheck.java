package io.tidemark.pipeline.wal;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.NotInThisVersion;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a file is the segment that its name says, whole: every page's magic, own address, timeline and flags; system
 * identifier and sizes in the first one; zeros only behind a switch record. In a partial segment anything may stand after
 * the last own page. Fed with the file's bytes, cut anywhere; for one file.
 *
 * <p>Refusals are {@link IntegrityFailed} that name the offset, and {@link NotInThisVersion} for another PostgreSQL.
 */
public final class SegmentCheck {

    /** Which promise the file's name makes. */
    public enum Extent {
        /** Every byte of the segment was written. */
        WHOLE,
        /** Written up to somewhere. */
        PARTIAL
    }

    private final WalSegmentName name;
    private final Extent extent;
    private final long systemIdentifier;
    private final PageTimelines timelines;
    private final ByteBuffer page = ByteBuffer.allocate(WalPageHeader.PAGE_BYTES);
    private final RecordWalker walker = new RecordWalker();
    private @Nullable WalSegmentSize segmentSize;
    private int magic;
    private int postgresMajor;
    private Lsn start = Lsn.INVALID;
    private long offset;
    /** Behind the last own page of a partial segment. */
    private boolean unwritten;

    /**
     * @param systemIdentifier of the cluster that the file must be of
     * @param history of the name's timeline; {@link TimelineHistory#none} where it is not known, and then no page of a
     *     lower timeline passes
     */
    public SegmentCheck(WalSegmentName name, Extent extent, long systemIdentifier, TimelineHistory history) {
        this.name = name;
        this.extent = extent;
        this.systemIdentifier = systemIdentifier;
        this.timelines = new PageTimelines(history);
    }

    /** Takes the next bytes, lent; consumed. */
    public void feed(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            int length = Math.min(page.remaining(), bytes.remaining());
            page.put(bytes.slice(bytes.position(), length));
            bytes.position(bytes.position() + length);
            if (!page.hasRemaining()) {
                checkPage();
                page.clear();
                offset += WalPageHeader.PAGE_BYTES;
            }
        }
    }

    /** Says that the file ends here. */
    public SegmentReport finish() {
        WalSegmentSize size = segmentSize;
        if (size == null) {
            throw refused("has only " + page.position() + " bytes, not even one page");
        }
        long length = offset + page.position();
        if (length != size.bytes()) {
            throw refused("has " + length + " bytes, but a segment of this cluster has " + size.bytes());
        }
        if (walker.ended() && extent == Extent.WHOLE) {
            throw incomplete(walker.endedAt());
        }
        return new SegmentReport(
                postgresMajor, systemIdentifier, size, start, start.plus(size.bytes()), walker.badRecords());
    }

    private void checkPage() {
        if (offset == 0) {
            checkFirstPage();
            return;
        }
        WalSegmentSize size = segmentSize;
        if (size == null || offset >= size.bytes()) {
            throw refused("goes on behind the " + (size == null ? 0 : size.bytes()) + " bytes of a segment");
        }
        if (unwritten) {
            return;
        }
        WalPageHeader header = WalPageHeader.read(page);
        Lsn address = start.plus(offset);
        if (walker.switched()) {
            unwritten = extent == Extent.PARTIAL;
            if (!isZero() && !unwritten) {
                throw refused("has bytes at offset " + offset + " behind a switch record");
            }
            return;
        }
        if (extent == Extent.PARTIAL
                && (header.magic() != magic || !header.address().equals(address))) {
            unwritten = true;
            return;
        }
        if (walker.ended() || isZero()) {
            throw incomplete(walker.ended() ? walker.endedAt() : address);
        }
        checkHeader(header, address);
        if (header.has(WalPageHeader.LONG_HEADER)) {
            throw refused("has a long page header at offset " + offset);
        }
        walk(header);
    }

    private void checkFirstPage() {
        WalPageHeader header = WalPageHeader.read(page);
        postgresMajor = header.postgresMajor();
        if (postgresMajor == 0) {
            String found = "begins with magic 0x" + Integer.toHexString(header.magic());
            if (header.isPostgresMagic()) {
                throw new NotInThisVersion(name + " " + found + ", which none of PostgreSQL 15 to 18 writes");
            }
            throw refused(found + ", which is no WAL");
        }
        magic = header.magic();
        if (!header.has(WalPageHeader.LONG_HEADER)) {
            throw refused("has no long header on its first page");
        }
        long system = WalPageHeader.systemIdentifier(page);
        if (system != systemIdentifier) {
            throw refused("is of system identifier " + Long.toUnsignedString(system) + ", but this cluster is "
                    + Long.toUnsignedString(systemIdentifier));
        }
        int bytes = WalPageHeader.segmentBytes(page);
        if (!WalSegmentSize.isPossible(bytes)) {
            throw refused("says that a segment has " + Integer.toUnsignedString(bytes) + " bytes");
        }
        if (WalPageHeader.walBlockBytes(page) != WalPageHeader.PAGE_BYTES) {
            throw new NotInThisVersion(name + " has WAL blocks of "
                    + Integer.toUnsignedString(WalPageHeader.walBlockBytes(page)) + " bytes, supported are "
                    + WalPageHeader.PAGE_BYTES);
        }
        WalSegmentSize size = new WalSegmentSize(bytes);
        if (!name.fits(size)) {
            throw refused("is no name for a segment of " + bytes + " bytes");
        }
        segmentSize = size;
        start = name.start(size);
        checkHeader(header, start);
        walk(header);
    }

    private void checkHeader(WalPageHeader header, Lsn address) {
        if (header.magic() != magic) {
            throw refused("has magic 0x" + Integer.toHexString(header.magic()) + " at offset " + offset
                    + ", its first page has 0x" + Integer.toHexString(magic));
        }
        if (!header.address().equals(address)) {
            throw refused("has the page of " + header.address() + " at offset " + offset + ", where that of " + address
                    + " belongs");
        }
        if ((header.flags() & ~WalPageHeader.ALL_FLAGS) != 0) {
            throw refused("has unknown flags 0x" + Integer.toHexString(header.flags()) + " at offset " + offset);
        }
        checkTimeline(header.timeline(), address);
    }

    private void checkTimeline(int timeline, Lsn address) {
        String objection = timelines.objection(timeline, address, "at offset " + offset);
        if (objection != null) {
            throw refused("has " + objection);
        }
    }

    private void walk(WalPageHeader header) {
        try {
            walker.page(header, page);
        } catch (IntegrityFailed e) {
            if (extent == Extent.WHOLE) {
                throw refused("does not hold together: " + e.getMessage());
            }
            // A partial segment's last own page may be stale behind what was flushed.
            unwritten = true;
        }
        if (walker.ended() && extent == Extent.PARTIAL) {
            unwritten = true;
        }
    }

    private boolean isZero() {
        return page.slice(0, WalPageHeader.PAGE_BYTES).mismatch(ZEROS.duplicate()) < 0;
    }

    private static final ByteBuffer ZEROS =
            ByteBuffer.allocate(WalPageHeader.PAGE_BYTES).asReadOnlyBuffer();

    private IntegrityFailed incomplete(Lsn at) {
        return refused("is not complete: no record at " + at + " and no switch record before it");
    }

    private IntegrityFailed refused(String why) {
        return new IntegrityFailed(name + " " + why);
    }

    /** Records that are damaged, so far. */
    public List<Lsn> badRecords() {
        return List.copyOf(walker.badRecords());
    }
}
