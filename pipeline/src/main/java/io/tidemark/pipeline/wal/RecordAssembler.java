package io.tidemark.pipeline.wal;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.WalLocation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Puts records together from what lies between page headers. Of a record only its headers and the beginning of its main
 * data are held; page images and block data are summed and forgotten.
 */
final class RecordAssembler {
    private static final int ALIGNMENT = 8;
    private static final int FIRST_MAIN_DATA_BYTES = 4096;

    private enum State {
        /** No record is known: the first page tells where one begins. */
        SEEKING,
        /** In the rest of a record that began before the first page. */
        TAIL,
        /** A record begins at the next aligned byte. */
        BETWEEN,
        HEADER,
        PARTS,
        BLOCK_DATA,
        MAIN_DATA,
        /** The part headers are wrong: only the CRC is still of interest. */
        UNREADABLE,
        /** Behind a switch record. */
        SWITCHED
    }

    private final TimelineHistory history;
    private final PageSequence pages;
    private final int mainDataLimit;
    private final Consumer<WalRecord> records;

    private final ByteBuffer headerBytes =
            ByteBuffer.allocate(RecordHeader.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final RecordParts parts = new RecordParts();
    private final CRC32C crc = new CRC32C();
    private State state = State.SEEKING;
    private @Nullable RecordHeader header;
    private ByteBuffer mainData;
    private Lsn recordStart = Lsn.INVALID;
    private Lsn lastStart = Lsn.INVALID;
    private Lsn lastEnd = Lsn.INVALID;
    /** Bytes of the record that are still to come, behind the four of its length. */
    private long remaining;
    /** Set once, when nothing can follow. */
    private @Nullable WalEnd end;

    RecordAssembler(TimelineHistory history, PageSequence pages, int mainDataLimit, Consumer<WalRecord> records) {
        this.history = history;
        this.pages = pages;
        this.mainDataLimit = mainDataLimit;
        this.records = records;
        this.mainData = ByteBuffer.allocate(Math.min(FIRST_MAIN_DATA_BYTES, mainDataLimit));
    }

    @Nullable
    WalEnd end() {
        return end;
    }

    Lsn recordsEnd() {
        return lastEnd;
    }

    /** Whether everything up to the end of the segment is to be passed over; asked once. */
    boolean leavesSegment() {
        if (state != State.SWITCHED) {
            return false;
        }
        state = State.BETWEEN;
        return true;
    }

    /** Whether a record has begun that is not complete. */
    boolean isInside() {
        return switch (state) {
            case SEEKING, BETWEEN, SWITCHED -> false;
            case TAIL, HEADER, PARTS, BLOCK_DATA, MAIN_DATA, UNREADABLE -> true;
        };
    }

    Lsn recordStart() {
        return recordStart;
    }

    /**
     * Begins a page.
     *
     * @return what contradicts the record that reaches into it, or null
     */
    @Nullable
    String enter(WalPageHeader page) {
        boolean continues = page.has(WalPageHeader.FIRST_IS_CONTINUATION);
        long claimed = Integer.toUnsignedLong(page.remainingBytes());
        if (state == State.SEEKING) {
            recordStart = page.address();
            remaining = claimed;
            state = continues ? State.TAIL : State.BETWEEN;
            return continues && claimed == 0 ? "continues a record with no bytes" : null;
        }
        if (!isInside()) {
            return continues ? "continues a record, but the one before it was complete" : null;
        }
        if (page.has(WalPageHeader.FIRST_IS_OVERWRITE_CONTINUATION)) {
            // The server crashed after the record's first part and gave it up; the record before it stays the last.
            state = State.BETWEEN;
            return null;
        }
        if (!continues || claimed != remaining) {
            return (continues ? "continues a record with " + claimed + " bytes" : "continues no record")
                    + ", but the one at " + recordStart + " lacks " + remaining;
        }
        return null;
    }

    /** Takes bytes of a page's body; leaves some only where the records end or the segment is left. */
    void take(ByteBuffer body, Lsn at) {
        int base = body.position();
        while (body.hasRemaining() && end == null && state != State.SWITCHED) {
            switch (state) {
                case BETWEEN -> between(body, at.plus(body.position() - base));
                case HEADER -> header(body);
                case PARTS -> parts(body);
                case TAIL -> pass(body, body.remaining());
                case UNREADABLE -> sum(body, body.remaining());
                case BLOCK_DATA -> blockData(body);
                case MAIN_DATA -> mainData(body);
                case SEEKING, SWITCHED -> throw new IllegalStateException("bytes without a page, " + state);
            }
            if (end == null && remaining == 0 && isInside() && hasLength()) {
                complete(at.plus(body.position() - base));
            }
        }
    }

    private boolean hasLength() {
        return state != State.HEADER || headerBytes.position() >= Integer.BYTES;
    }

    private void between(ByteBuffer body, Lsn at) {
        int padding = (int) (-at.value() & ALIGNMENT - 1);
        if (padding > 0) {
            body.position(body.position() + Math.min(padding, body.remaining()));
            return;
        }
        recordStart = at;
        state = State.HEADER;
        headerBytes.clear();
        crc.reset();
        parts.begin();
        mainData.clear();
    }

    private void header(ByteBuffer body) {
        int there = headerBytes.position();
        if (there < Integer.BYTES) {
            // The length alone decides what follows. It is never cut by a page, for records are aligned.
            copy(body, Math.min(body.remaining(), Integer.BYTES - there), headerBytes);
            if (headerBytes.position() == Integer.BYTES) {
                length(headerBytes.getInt(0));
            }
            return;
        }
        int length = Math.min(body.remaining(), headerBytes.remaining());
        copy(body, length, headerBytes);
        remaining -= length;
        if (!headerBytes.hasRemaining()) {
            judge(RecordHeader.read(headerBytes));
        }
    }

    private void length(int length) {
        if (length == 0) {
            stop(WalEnd.Kind.UNWRITTEN, "no record at " + recordStart + ": zeros");
        } else if (!RecordHeader.isPossibleLength(length)) {
            stop(WalEnd.Kind.RECORD_HEADER, "a length of " + Integer.toUnsignedString(length) + " bytes cannot be");
        }
        remaining = length - (long) Integer.BYTES;
    }

    private void judge(RecordHeader found) {
        header = found;
        Lsn previous = found.previous();
        boolean known = lastStart.isValid();
        if (!RmgrId.isPossible(found.resourceManager())) {
            stop(WalEnd.Kind.RECORD_HEADER, "no resource manager has number " + found.resourceManager());
        } else if (known ? !previous.equals(lastStart) : !previous.isBefore(recordStart)) {
            stop(
                    WalEnd.Kind.RECORD_HEADER,
                    "says that the record before it is at " + previous
                            + (known ? ", but that is at " + lastStart : ""));
        } else {
            state = State.PARTS;
            choose();
        }
    }

    private void parts(ByteBuffer body) {
        int from = body.position();
        while (body.hasRemaining() && parts.goesOn(remaining)) {
            parts.take(body.get());
            remaining--;
        }
        crc.update(body.slice(from, body.position() - from));
        choose();
    }

    /** Where the part headers have ended, says what comes behind them. */
    private void choose() {
        if (parts.goesOn(remaining)) {
            return;
        }
        state = parts.problem() != null ? State.UNREADABLE : State.BLOCK_DATA;
        if (state == State.BLOCK_DATA && parts.blockDataBytes() == 0) {
            state = State.MAIN_DATA;
        }
    }

    private void blockData(ByteBuffer body) {
        long before = remaining - parts.mainDataLength();
        sum(body, (int) Math.min(before, body.remaining()));
        if (remaining == parts.mainDataLength()) {
            state = State.MAIN_DATA;
        }
    }

    private void mainData(ByteBuffer body) {
        int length = (int) Math.min(remaining, body.remaining());
        int held = Math.min(length, mainDataLimit - mainData.position());
        if (held > mainData.remaining()) {
            // Grows with the bytes that are there, never with the length that the record claims.
            int needed = Math.max(mainData.position() + held, 2 * mainData.capacity());
            mainData = ByteBuffer.allocate(Math.min(needed, mainDataLimit)).put(mainData.flip());
        }
        mainData.put(body.slice(body.position(), held));
        sum(body, length);
    }

    private void sum(ByteBuffer body, int most) {
        int length = (int) Math.min(remaining, most);
        crc.update(body.slice(body.position(), length));
        pass(body, length);
    }

    private void pass(ByteBuffer body, int most) {
        int length = (int) Math.min(remaining, most);
        body.position(body.position() + length);
        remaining -= length;
    }

    private static void copy(ByteBuffer from, int length, ByteBuffer to) {
        to.put(from.slice(from.position(), length));
        from.position(from.position() + length);
    }

    private void complete(Lsn at) {
        Lsn after = at.plus(-at.value() & ALIGNMENT - 1);
        RecordHeader record = header;
        if (state == State.TAIL) {
            state = State.BETWEEN;
            return;
        }
        if (record == null) {
            throw new IllegalStateException("a record without header at " + recordStart);
        }
        if (!record.confirms(crc, headerBytes)) {
            stop(WalEnd.Kind.RECORD_CRC, "CRC-32C differs");
            return;
        }
        String problem = parts.problem();
        if (problem != null) {
            stop(WalEnd.Kind.RECORD_PARTS, problem);
            return;
        }
        lastStart = recordStart;
        lastEnd = record.isSwitch() ? pages.segmentStartFrom(after) : after;
        state = record.isSwitch() ? State.SWITCHED : State.BETWEEN;
        records.accept(describe(record));
    }

    private WalRecord describe(RecordHeader record) {
        return new WalRecord(
                pages.postgresMajor(),
                new WalLocation(history.ownerOf(recordStart), recordStart),
                lastEnd,
                record.previous(),
                record.totalLength(),
                Integer.toUnsignedLong(record.xid()),
                new RmgrId(record.resourceManager()),
                record.info(),
                parts.blocks(),
                parts.origin(),
                parts.topLevelXid(),
                parts.mainDataLength(),
                mainData.duplicate().flip());
    }

    private void stop(WalEnd.Kind kind, String why) {
        String sentence = kind == WalEnd.Kind.UNWRITTEN ? why : "record at " + recordStart + ": " + why;
        end = new WalEnd(kind, recordStart, lastEnd, sentence);
    }
}
