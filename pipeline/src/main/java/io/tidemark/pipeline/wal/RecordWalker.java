package io.tidemark.pipeline.wal;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.pipeline.config.IntegrityFailed;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Walks from record to record through the pages of one segment, to know where they end: only a switch record may be
 * followed by zeros. Also compares each record's CRC-32C and each page's word on the record that reaches into it.
 *
 * <p>A record whose header or CRC is wrong is reported, not refused: the page headers say that the segment is the right one,
 * and an archive that stops for ever is worse. Source: PostgreSQL 17, xlogrecord.h, xlogreader.c.
 */
final class RecordWalker {
    private enum State {
        /** A record begins at the next byte. */
        BETWEEN,
        /** So many bytes of a record are still to come. */
        INSIDE,
        /** A length was impossible: the next page tells where a record begins. */
        LOST,
        /** Behind a switch record. */
        SWITCHED,
        /** Zeros where a record should begin. */
        ENDED
    }

    private final ByteBuffer header = ByteBuffer.allocate(RecordHeader.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C crc = new CRC32C();
    private final List<Lsn> badRecords = new ArrayList<>();
    private State state = State.LOST;
    private Lsn recordStart = Lsn.INVALID;
    private long remaining;
    /** False for a record that began in the segment before: its CRC cannot be known here. */
    private boolean seenFromStart;

    /** Whether only zeros may follow. */
    boolean switched() {
        return state == State.SWITCHED;
    }

    /** Whether the records ended in zeros without a switch record: the segment was not written to its end. */
    boolean ended() {
        return state == State.ENDED;
    }

    Lsn endedAt() {
        return recordStart;
    }

    List<Lsn> badRecords() {
        return badRecords;
    }

    /**
     * @param page the whole page from index 0 on, lent
     * @throws IntegrityFailed where the page contradicts the record that reaches into it
     */
    void page(WalPageHeader pageHeader, ByteBuffer page) {
        enter(pageHeader);
        ByteBuffer in = page.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        in.position(pageHeader.headerBytes()).limit(WalPageHeader.PAGE_BYTES);
        while (in.hasRemaining() && (state == State.BETWEEN || state == State.INSIDE)) {
            Lsn position = pageHeader.address().plus(in.position());
            if (state == State.INSIDE) {
                consume(in);
            } else {
                begin(in, position);
            }
        }
        if (state == State.SWITCHED) {
            requireZeros(in, pageHeader.address());
        }
    }

    private void enter(WalPageHeader page) {
        boolean continues = page.has(WalPageHeader.FIRST_IS_CONTINUATION);
        long claimed = Integer.toUnsignedLong(page.remainingBytes());
        switch (state) {
            case LOST -> resume(page, continues, claimed);
            case INSIDE -> {
                if (page.has(WalPageHeader.FIRST_IS_OVERWRITE_CONTINUATION)) {
                    // The server crashed after the record's first part and gave it up.
                    state = State.BETWEEN;
                } else if (!continues || claimed != remaining) {
                    throw new IntegrityFailed("page " + page.address() + " continues a record with " + claimed
                            + " bytes, but the record at " + recordStart + " lacks " + remaining);
                }
            }
            case BETWEEN -> {
                if (continues) {
                    throw new IntegrityFailed("page " + page.address() + " continues a record with " + claimed
                            + " bytes, but the one before it was complete");
                }
            }
            case SWITCHED ->
                throw new IntegrityFailed(
                        "page " + page.address() + " is written although a switch record stands before it");
            case ENDED -> throw new IllegalStateException("a page behind the end");
        }
    }

    private void resume(WalPageHeader page, boolean continues, long claimed) {
        if (!continues) {
            state = State.BETWEEN;
            return;
        }
        if (claimed == 0) {
            throw new IntegrityFailed("page " + page.address() + " continues a record with no bytes");
        }
        state = State.INSIDE;
        recordStart = page.address();
        remaining = claimed;
        seenFromStart = false;
    }

    private void begin(ByteBuffer in, Lsn position) {
        // Records are aligned to 8 bytes, as pages are, so the length is never cut.
        int length = in.getInt(in.position());
        recordStart = position;
        if (length == 0) {
            state = State.ENDED;
        } else if (!RecordHeader.isPossibleLength(length)) {
            reportBad();
            state = State.LOST;
        } else {
            state = State.INSIDE;
            remaining = length;
            seenFromStart = true;
            header.clear();
            crc.reset();
        }
    }

    private void consume(ByteBuffer in) {
        int length = (int) Math.min(remaining, in.remaining());
        if (seenFromStart) {
            ByteBuffer part = in.duplicate();
            part.limit(part.position() + length);
            int toHeader = Math.min(header.remaining(), length);
            header.put(part.slice(part.position(), toHeader));
            part.position(part.position() + toHeader);
            crc.update(part);
        }
        in.position(in.position() + length);
        remaining -= length;
        if (remaining == 0) {
            complete(in);
        }
    }

    private void complete(ByteBuffer in) {
        state = State.BETWEEN;
        in.position(Math.min(in.limit(), (in.position() + 7) & ~7));
        if (!seenFromStart) {
            return;
        }
        RecordHeader record = RecordHeader.read(header);
        if (!record.confirms(crc, header)) {
            reportBad();
        } else if (record.isSwitch()) {
            state = State.SWITCHED;
        }
    }

    private void reportBad() {
        if (badRecords.size() < SegmentReport.MAX_BAD_RECORDS) {
            badRecords.add(recordStart);
        }
    }

    private void requireZeros(ByteBuffer in, Lsn page) {
        while (in.hasRemaining()) {
            if (in.get() != 0) {
                throw new IntegrityFailed("page " + page + " has bytes behind the switch record at " + recordStart);
            }
        }
    }
}
