package io.tidemark.it;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.RelFileLocator;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.wal.BlockImage;
import io.tidemark.pipeline.wal.BlockReference;
import io.tidemark.pipeline.wal.TimelineHistory;
import io.tidemark.pipeline.wal.WalEnd;
import io.tidemark.pipeline.wal.WalReader;
import io.tidemark.pipeline.wal.WalRecord;
import io.tidemark.pipeline.wal.rmgr.MainData;
import io.tidemark.pipeline.wal.rmgr.RecordTime;
import io.tidemark.pipeline.wal.rmgr.XactData;
import io.tidemark.pipeline.wal.rmgr.XlogData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What the record reader finds in a stopped server's {@code pg_wal}, and questions to it. */
record PgWal(List<Found> found, WalEnd end) {

    /** A record and what it says; its bytes are gone by now. */
    record Found(WalRecord record, MainData data, Optional<Instant> time) {
        static Found of(WalRecord record) {
            return new Found(record, MainData.of(record), RecordTime.of(record));
        }

        Lsn start() {
            return record.start().lsn();
        }
    }

    /** Reads from the segment that holds {@code from} on, along the history, until the records or the files end. */
    static PgWal read(Path directory, Lsn from, WalSegmentSize size, TimelineHistory history) throws IOException {
        List<Found> found = new ArrayList<>();
        Lsn start = from.alignedDown(size.bytes());
        WalReader reader = new WalReader(segment(start, size, history), history, record -> found.add(Found.of(record)));
        for (Lsn at = start; reader.end().isEmpty(); at = at.plus(size.bytes())) {
            Path file = directory.resolve(segment(at, size, history).toString());
            if (!Files.exists(file)) {
                break;
            }
            reader.feed(ByteBuffer.wrap(Files.readAllBytes(file)));
        }
        return new PgWal(found, reader.finish());
    }

    /** The segment that a timeline was left in was copied to the next timeline, which went on with it. */
    private static WalSegmentName segment(Lsn start, WalSegmentSize size, TimelineHistory history) {
        return WalSegmentName.of(history.ownerOf(start.plus(size.bytes() - 1L)), start, size);
    }

    Found last() {
        return found.get(found.size() - 1);
    }

    Found at(Lsn start) {
        return only("record at " + start, record -> record.start().equals(start));
    }

    Found endingAt(Lsn end) {
        return only(
                "record that ends at " + end, record -> record.record().end().equals(end));
    }

    /** The record whose first byte is before the position, and its last not. */
    Found around(Lsn position) {
        return only(
                "record around " + position,
                record -> record.start().isBefore(position)
                        && !record.record().end().isBefore(position));
    }

    XactData.Completion commitOf(long xid) {
        Found commit = only(
                "commit of " + xid,
                record -> record.data() instanceof XactData.Commit
                        && record.record().xid() == xid);
        return ((XactData.Commit) commit.data()).completion();
    }

    <T extends MainData> Stream<T> all(Class<T> kind) {
        return found.stream().map(Found::data).filter(kind::isInstance).map(kind::cast);
    }

    /** Images of a relation's main fork between two restore points. */
    List<BlockImage> imagesOf(RelFileLocator relation, String after, String before) {
        return found.stream()
                .filter(record -> record.start().isAfter(restorePoint(after).start())
                        && record.start().isBefore(restorePoint(before).start()))
                .flatMap(record -> record.record().blocks().stream())
                .filter(block -> block.relation().equals(relation)
                        && block.fork().suffix().isEmpty())
                .map(BlockReference::image)
                .filter(Objects::nonNull)
                .toList();
    }

    Found restorePoint(String name) {
        return only(
                "restore point " + name,
                record -> record.data() instanceof XlogData.RestorePoint point
                        && point.name().equals(name));
    }

    private Found only(String what, Predicate<Found> wanted) {
        List<Found> those = found.stream().filter(wanted).toList();
        if (those.size() != 1) {
            throw new AssertionError(
                    "not one but " + those.size() + ": " + what + ", of " + found.size() + " records; " + end);
        }
        return those.get(0);
    }
}
