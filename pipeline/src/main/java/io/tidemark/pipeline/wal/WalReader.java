package io.tidemark.pipeline.wal;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.WalSegmentName;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads WAL record by record, as PostgreSQL's own reader does: segments in order, of any segment size and WAL block size, fed
 * as bytes cut anywhere. A record that began before the first segment is passed over; one that crosses pages and segments is
 * put together; one that a crash left unfinished is forgotten where its successor says so; what follows a switch record is
 * passed over to the end of the segment, unseen.
 *
 * <p>Whatever the bytes are, it ends in records and a {@link WalEnd}, and throws nothing. Only records whose CRC-32C is right
 * are told of. Memory: the headers of one record and its main data, up to the limit; page images are never held.
 *
 * <p>Source: PostgreSQL 15 to 18, src/backend/access/transam/xlogreader.c.
 */
public final class WalReader {
    /** Enough for a commit that drops eighty thousand relations, or for a prepared transaction of that kind. */
    public static final int MAIN_DATA_BYTES = 1 << 20;

    private final PageSequence pages;
    private final RecordAssembler records;
    private final ByteBuffer header = ByteBuffer.allocate(WalPageHeader.LONG_BYTES);
    /** Of the next byte. */
    private Lsn position = Lsn.INVALID;
    /** Up to where this page's body goes; the same as {@link #position} within a page header. */
    private Lsn bodyEnd = Lsn.INVALID;
    /** Up to where everything is passed over. */
    private Lsn resume = Lsn.INVALID;

    private @Nullable WalEnd end;

    /**
     * @param first whose first byte is the first that is fed
     * @param history of the timeline that is read; segments before its beginning are its ancestors'
     * @param mainDataLimit how many bytes of a record's main data are held at most; what is longer is cut there
     * @param records told of each record as soon as its last byte is there; what it throws, {@link #feed} throws
     */
    public WalReader(WalSegmentName first, TimelineHistory history, int mainDataLimit, Consumer<WalRecord> records) {
        this.pages = new PageSequence(first, history);
        this.records = new RecordAssembler(history, pages, mainDataLimit, records);
    }

    /** With {@link #MAIN_DATA_BYTES}. */
    public WalReader(WalSegmentName first, TimelineHistory history, Consumer<WalRecord> records) {
        this(first, history, MAIN_DATA_BYTES, records);
    }

    /** Takes the next bytes, lent; consumed, also where the records have ended before. */
    public void feed(ByteBuffer bytes) {
        while (bytes.hasRemaining() && end == null) {
            if (position.isBefore(resume)) {
                pass(bytes);
            } else if (position.isBefore(bodyEnd)) {
                body(bytes);
            } else {
                header(bytes);
            }
        }
        bytes.position(bytes.limit());
    }

    /** Where the records have ended already; empty while more bytes may bring more records. */
    public Optional<WalEnd> end() {
        return Optional.ofNullable(end);
    }

    /** Of the cluster whose WAL it is, unsigned; 0 until the first page's header is there. */
    public long systemIdentifier() {
        return pages.systemIdentifier();
    }

    /** Says that nothing more comes. */
    public WalEnd finish() {
        WalEnd found = end;
        if (found == null) {
            Lsn at = records.isInside() ? records.recordStart() : position;
            found = new WalEnd(
                    WalEnd.Kind.INPUT,
                    at,
                    records.recordsEnd(),
                    records.isInside()
                            ? "record at " + at + ": the input ends within it"
                            : "the input ends at " + position);
            end = found;
        }
        return found;
    }

    private void pass(ByteBuffer bytes) {
        int length = (int) Math.min(resume.distanceFrom(position), bytes.remaining());
        bytes.position(bytes.position() + length);
        position = position.plus(length);
    }

    private void body(ByteBuffer bytes) {
        int length = (int) Math.min(bodyEnd.distanceFrom(position), bytes.remaining());
        ByteBuffer body = bytes.slice(bytes.position(), length);
        records.take(body, position);
        bytes.position(bytes.position() + body.position());
        position = position.plus(body.position());
        end = records.end();
        if (records.leavesSegment()) {
            resume = records.recordsEnd();
            bodyEnd = resume;
            pages.skipTo(resume);
        }
    }

    private void header(ByteBuffer bytes) {
        int needed = pages.headerBytes();
        int length = Math.min(needed - header.position(), bytes.remaining());
        header.put(bytes.slice(bytes.position(), length));
        bytes.position(bytes.position() + length);
        if (header.position() == needed) {
            page(WalPageHeader.read(header), needed);
            header.clear();
        }
    }

    private void page(WalPageHeader found, int headerBytes) {
        if (isZero(headerBytes)) {
            String where = pages.blockBytes() == 0 ? "no first page" : "no page at " + pages.address();
            end = ended(WalEnd.Kind.UNWRITTEN, pages.address(), where + ": zeros");
            return;
        }
        PageSequence.Objection objection = pages.take(found, header);
        if (objection != null) {
            end = ended(objection.kind(), pages.address(), objection.why());
            return;
        }
        String contradiction = records.enter(found);
        if (contradiction != null) {
            end = ended(
                    WalEnd.Kind.PAGE_HEADER,
                    found.address(),
                    "page header at " + found.address() + ": " + contradiction);
            return;
        }
        position = found.address().plus(headerBytes);
        bodyEnd = found.address().plus(pages.blockBytes());
    }

    private boolean isZero(int length) {
        for (int i = 0; i < length; i++) {
            if (header.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    private WalEnd ended(WalEnd.Kind kind, Lsn at, String why) {
        return new WalEnd(kind, at, records.recordsEnd(), why);
    }
}
