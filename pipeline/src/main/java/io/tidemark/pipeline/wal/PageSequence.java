package io.tidemark.pipeline.wal;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.crypto.postgres.WalSegmentSize;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The page headers of segments in order: each page has the address that follows from the one before, the first page of each
 * segment tells system, segment size and block size, and all pages of all segments agree.
 *
 * <p>Source: PostgreSQL 15 to 18, src/backend/access/transam/xlogreader.c, XLogReaderValidatePageHeader.
 */
final class PageSequence {
    private static final int MIN_BLOCK_BYTES = 1 << 10;
    private static final int MAX_BLOCK_BYTES = 1 << 16;

    private final WalSegmentName firstSegment;
    private final PageTimelines timelines;
    private Lsn address = Lsn.INVALID;
    private @Nullable WalSegmentSize segmentSize;
    private int blockBytes;
    private int magic;
    private int postgresMajor;
    private long systemIdentifier;

    /** Why the pages end. */
    record Objection(WalEnd.Kind kind, String why) {}

    PageSequence(WalSegmentName first, TimelineHistory history) {
        this.firstSegment = first;
        this.timelines = new PageTimelines(history);
    }

    /** Of the next page; not yet known before the first. */
    Lsn address() {
        return address;
    }

    /** How many bytes the next page's header has. */
    int headerBytes() {
        return startsSegment() ? WalPageHeader.LONG_BYTES : WalPageHeader.SHORT_BYTES;
    }

    /** Of every page, with its header; not yet known before the first. */
    int blockBytes() {
        return blockBytes;
    }

    int postgresMajor() {
        return postgresMajor;
    }

    /** Unsigned; 0 before the first page. */
    long systemIdentifier() {
        return systemIdentifier;
    }

    /** Makes the first page of a segment the next one. */
    void skipTo(Lsn segmentStart) {
        address = segmentStart;
    }

    /** The first byte of the segment that does not hold anything before {@code position}. */
    Lsn segmentStartFrom(Lsn position) {
        WalSegmentSize size = segmentSize;
        if (size == null) {
            throw new IllegalStateException("a position before the first page");
        }
        return position.plus(size.bytes() - 1L).alignedDown(size.bytes());
    }

    private boolean startsSegment() {
        WalSegmentSize size = segmentSize;
        return size == null || address.alignedDown(size.bytes()).equals(address);
    }

    /**
     * Takes the next page's header; afterwards the page after it is next.
     *
     * @param bytes the header's, from index 0 on, lent
     * @return why it cannot be; null where it can
     */
    @Nullable
    Objection take(WalPageHeader header, ByteBuffer bytes) {
        boolean first = segmentSize == null;
        boolean expectsLong = startsSegment();
        if (header.has(WalPageHeader.LONG_HEADER) != expectsLong && !first) {
            return page(expectsLong ? "has no long header, though a segment begins there" : "has a long header");
        }
        Objection objection = expectsLong ? longHeader(header, bytes) : null;
        if (objection == null) {
            objection = shortHeader(header);
        }
        if (objection == null) {
            address = address.plus(blockBytes);
        }
        return objection;
    }

    private @Nullable Objection longHeader(WalPageHeader header, ByteBuffer bytes) {
        WalSegmentSize known = segmentSize;
        if (known == null) {
            return firstHeader(header, bytes);
        }
        long system = WalPageHeader.systemIdentifier(bytes);
        if (system != systemIdentifier) {
            return page("is of system identifier " + Long.toUnsignedString(system) + ", those before are of "
                    + Long.toUnsignedString(systemIdentifier));
        }
        if (WalPageHeader.segmentBytes(bytes) != known.bytes() || WalPageHeader.walBlockBytes(bytes) != blockBytes) {
            return page("is of another segment size or block size than those before");
        }
        return null;
    }

    private @Nullable Objection firstHeader(WalPageHeader header, ByteBuffer bytes) {
        magic = header.magic();
        postgresMajor = header.postgresMajor();
        if (postgresMajor == 0) {
            String found = "first page has magic 0x" + Integer.toHexString(magic);
            return header.isPostgresMagic()
                    ? new Objection(WalEnd.Kind.NOT_SUPPORTED, found + ", which none of PostgreSQL 15 to 18 writes")
                    : new Objection(WalEnd.Kind.PAGE_HEADER, found + ", which is no WAL");
        }
        if (!header.has(WalPageHeader.LONG_HEADER)) {
            return new Objection(WalEnd.Kind.PAGE_HEADER, "first page has no long header");
        }
        int segmentBytes = WalPageHeader.segmentBytes(bytes);
        if (!WalSegmentSize.isPossible(segmentBytes) || !firstSegment.fits(new WalSegmentSize(segmentBytes))) {
            return new Objection(
                    WalEnd.Kind.PAGE_HEADER,
                    "first page of " + firstSegment + " says that a segment has "
                            + Integer.toUnsignedString(segmentBytes) + " bytes");
        }
        int block = WalPageHeader.walBlockBytes(bytes);
        if (block < MIN_BLOCK_BYTES || block > MAX_BLOCK_BYTES || Integer.bitCount(block) != 1) {
            return new Objection(
                    WalEnd.Kind.NOT_SUPPORTED,
                    "first page says that a WAL block has " + Integer.toUnsignedString(block) + " bytes");
        }
        WalSegmentSize size = new WalSegmentSize(segmentBytes);
        systemIdentifier = WalPageHeader.systemIdentifier(bytes);
        segmentSize = size;
        blockBytes = block;
        address = firstSegment.start(size);
        return null;
    }

    private @Nullable Objection shortHeader(WalPageHeader header) {
        if (header.magic() != magic) {
            return page("has magic 0x" + Integer.toHexString(header.magic()) + ", those before have 0x"
                    + Integer.toHexString(magic));
        }
        if (!header.address().equals(address)) {
            return page("says that it is that of " + header.address());
        }
        if ((header.flags() & ~WalPageHeader.ALL_FLAGS) != 0) {
            return page("has unknown flags 0x" + Integer.toHexString(header.flags()));
        }
        String timeline = timelines.objection(header.timeline(), address, "stands there");
        return timeline == null ? null : page(timeline);
    }

    private Objection page(String why) {
        return new Objection(WalEnd.Kind.PAGE_HEADER, "page header at " + address + ": " + why);
    }
}
