package io.tidemark.pipeline.backup;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.postgres.DatabaseState;
import io.tidemark.pipeline.postgres.PgControl;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The WAL that a copy of a stopped directory starts from: from the last checkpoint's redo point to where the copy is
 * consistent. Its segments are files of the backup; older ones are not needed, later ones hold no WAL of this server
 * yet.
 *
 * @param redo where replay begins
 * @param stop behind the last byte needed
 */
record WalSpan(Lsn redo, Lsn stop, WalSegmentSize size, TimelineId first, TimelineId last) {
    private static final int RECORD_HEADER_BYTES = 24;
    private static final int SHORT_PAGE_HEADER_BYTES = 24;
    private static final int LONG_PAGE_HEADER_BYTES = 40;
    private static final int ALIGNMENT = 8;
    private static final int MAX_CHECKPOINT_BYTES = 1024;

    /** @throws IntegrityFailed where {@code pg_wal} lacks a segment that the copy needs, or it has not its full size */
    static WalSpan of(PgControl control, Path wal) throws IOException {
        TimelineId timeline = control.timeline();
        boolean inRecovery = control.state() == DatabaseState.SHUT_DOWN_IN_RECOVERY;
        Lsn checkpointEnd = checkpointEnd(control, wal);
        boolean replayedFurther = inRecovery && control.minRecoveryPoint().isAfter(checkpointEnd);
        WalSpan span = new WalSpan(
                control.redo(),
                replayedFurther ? control.minRecoveryPoint() : checkpointEnd,
                control.segmentSize(),
                timeline,
                replayedFurther && control.minRecoveryTimeline() > timeline.number()
                        ? TimelineId.of(control.minRecoveryTimeline())
                        : timeline);
        span.requireSegments(wal);
        return span;
    }

    /** Whether a file of {@code pg_wal} belongs to the backup: the span's segments, and all timeline histories. */
    boolean belongs(String name) {
        if (name.matches("[0-9A-F]{8}\\.history")) {
            return true;
        }
        if (!WalSegmentName.isName(name)) {
            return false;
        }
        WalSegmentName segment = WalSegmentName.parse(name);
        return segment.fits(size)
                && segment.timeline().compareTo(first) >= 0
                && segment.timeline().compareTo(last) <= 0
                && segment.end(size).isAfter(redo)
                && segment.start(size).isBefore(stop);
    }

    private void requireSegments(Path wal) throws IOException {
        WalSegmentName segment = WalSegmentName.of(first, redo, size);
        for (; segment.start(size).isBefore(stop); segment = segment.next(size)) {
            requireSegment(wal, segment);
        }
    }

    private void requireSegment(Path wal, WalSegmentName segment) throws IOException {
        for (long timeline = last.number(); timeline >= first.number(); timeline--) {
            Path file =
                    wal.resolve(segment.withTimeline(TimelineId.of(timeline)).toString());
            if (Files.isRegularFile(file)) {
                if (Files.size(file) != size.bytes()) {
                    throw new IntegrityFailed(file + " has " + Files.size(file)
                            + " bytes, a segment of this cluster has " + size.bytes());
                }
                return;
            }
        }
        throw new IntegrityFailed(
                wal + " lacks segment " + segment + ", without which no copy of this directory starts",
                "start the server and stop it again");
    }

    private static Lsn checkpointEnd(PgControl control, Path wal) throws IOException {
        WalSegmentSize size = control.segmentSize();
        Lsn start = control.checkpoint();
        WalSegmentName segment = WalSegmentName.of(control.timeline(), start, size);
        Path file = wal.resolve(segment.toString());
        if (!Files.isRegularFile(file)) {
            throw new IntegrityFailed(file + " is missing, and the last checkpoint is in it");
        }
        long offset = start.distanceFrom(segment.start(size));
        ByteBuffer header = read(file, offset);
        int length = header.getInt(0);
        if (length < RECORD_HEADER_BYTES || length > MAX_CHECKPOINT_BYTES) {
            throw new IntegrityFailed(
                    file + " has no checkpoint at " + start + ", where pg_control says that the last one is");
        }
        return recordEnd(start, length, control.walBlockSize(), size);
    }

    private static ByteBuffer read(Path file, long offset) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (header.hasRemaining()) {
                if (channel.read(header, offset + header.position()) < 0) {
                    throw new IntegrityFailed(file + " ends before the last checkpoint");
                }
            }
        }
        return header;
    }

    // a record goes on behind the header of the next page; records begin at multiples of eight
    static Lsn recordEnd(Lsn start, int length, int walBlockSize, WalSegmentSize size) {
        Lsn at = start;
        long left = length;
        while (true) {
            long room = walBlockSize - at.distanceFrom(at.alignedDown(walBlockSize));
            if (left <= room) {
                Lsn end = at.plus(left);
                return end.plus(ALIGNMENT - 1).alignedDown(ALIGNMENT);
            }
            left -= room;
            Lsn page = at.plus(room);
            boolean startsSegment = page.equals(page.alignedDown(size.bytes()));
            at = page.plus(startsSegment ? LONG_PAGE_HEADER_BYTES : SHORT_PAGE_HEADER_BYTES);
        }
    }
}
