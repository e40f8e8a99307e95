package io.tidemark.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.RelFileLocator;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.care.scratch.PostgresServer;
import io.tidemark.pipeline.wal.BlockImage;
import io.tidemark.pipeline.wal.TimelineHistory;
import io.tidemark.pipeline.wal.WalRecord;
import io.tidemark.pipeline.wal.WaldumpLine;
import io.tidemark.pipeline.wal.rmgr.XactData;
import io.tidemark.pipeline.wal.rmgr.XlogData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The record reader on what real servers write: known transactions, restore points, images in each compression, a backup, a
 * record that a crash cuts, another timeline. What it finds is compared with what SQL said, and with pg_waldump where there is one.
 */
@ExtendWith(Lab.Provided.class)
final class WalRecordsTest {
    private static final WalSegmentSize MEBIBYTE = WalSegmentSize.MIN;

    private final Lab lab;
    /** What has to be true of the WAL, by what SQL said while it was written. */
    private final List<Expectation> expected = new ArrayList<>();

    private interface Expectation {
        void check(PgWal wal);
    }

    WalRecordsTest(Lab lab) {
        this.lab = lab;
    }

    @ParameterizedTest(name = "PostgreSQL {0}")
    @ValueSource(ints = {15, 16, 17, 18})
    void records_sayWhatTheServerDid(int major) throws IOException, SQLException {
        try (Cluster cluster = new Cluster(lab, major, List.of("local"))) {
            PostgresServer server = cluster.newServer(settings(), "--wal-segsize=1");
            server.start();
            Lsn start = write(server);
            crashWithinARecord(server);
            server.configure(Map.of("max_connections", "37"));
            restart(server);
            Path pgWal = server.dataDirectory().resolve("pg_wal");
            List<WaldumpLine> dump = Waldump.ofFirstTimeline(lab, major, pgWal, start.alignedDown(MEBIBYTE.bytes()));
            promote(server);

            PgWal wal = PgWal.read(pgWal, start, MEBIBYTE, history(pgWal));

            assertThat(((XlogData.Checkpoint) wal.last().data()).kind())
                    .as(wal.end().why())
                    .isEqualTo(XlogData.CheckpointKind.SHUTDOWN);
            assertThat(wal.end().recordsEnd()).isEqualTo(wal.last().record().end());
            expected.forEach(expectation -> expectation.check(wal));
            compare(dump, wal);
            System.out.println("PostgreSQL " + major + ": " + wal.found().size() + " records, " + dump.size()
                    + " compared with pg_waldump; " + wal.end());
        }
    }

    private static Map<String, String> settings() {
        return Map.of(
                "archive_mode", "off",
                "wal_level", "logical",
                "wal_keep_size", "500MB",
                "max_prepared_transactions", "5",
                "full_page_writes", "on");
    }

    private Lsn write(PostgresServer server) throws SQLException {
        try (Connection session = server.connect()) {
            Lsn start = lsn(session, "pg_current_wal_insert_lsn()");
            Cluster.execute(session, "CREATE TABLE line (number integer, content text)");
            transactions(session);
            preparedTransactions(session);
            droppedRelation(session);
            pageImages(session);
            backup(session);
            longMessage(session);
            segmentSwitch(session);
            checkpoint(session);
            return start;
        }
    }

    private void transactions(Connection session) throws SQLException {
        session.setAutoCommit(false);
        Cluster.execute(session, "INSERT INTO line VALUES (1, 'one')");
        Cluster.execute(session, "SAVEPOINT a; INSERT INTO line VALUES (2, 'two'); RELEASE a");
        Cluster.execute(session, "SAVEPOINT b; INSERT INTO line VALUES (3, 'three'); RELEASE b");
        long committed = xid(session);
        session.commit();
        Cluster.execute(session, "INSERT INTO line VALUES (4, 'four')");
        long aborted = xid(session);
        session.rollback();
        session.setAutoCommit(true);
        Instant time = time(session, "pg_xact_commit_timestamp('" + committed + "'::xid)");

        expect(wal -> {
            assertThat(wal.commitOf(committed).time()).isEqualTo(time);
            assertThat(wal.commitOf(committed).subtransactions()).isEqualTo(2);
            assertThat(wal.commitOf(committed).prepared()).isNull();
            assertThat(wal.found())
                    .filteredOn(found -> found.data() instanceof XactData.Abort)
                    .extracting(found -> found.record().xid())
                    .contains(aborted)
                    .doesNotContain(committed);
        });
    }

    private void preparedTransactions(Connection session) throws SQLException {
        long kept = prepare(session, "kept one");
        Instant prepared = time(session, "(SELECT prepared FROM pg_prepared_xacts WHERE gid = 'kept one')");
        Cluster.execute(session, "COMMIT PREPARED 'kept one'");
        Instant committed = time(session, "pg_xact_commit_timestamp('" + kept + "'::xid)");
        long undone = prepare(session, "undone one");
        Cluster.execute(session, "ROLLBACK PREPARED 'undone one'");
        XactData.Prepared keptOne = new XactData.Prepared(kept, "kept one");
        XactData.Prepared undoneOne = new XactData.Prepared(undone, "undone one");

        expect(wal -> {
            assertThat(wal.all(XactData.Prepare.class))
                    .filteredOn(prepare -> prepare.xid() == kept)
                    .singleElement()
                    .satisfies(prepare -> {
                        assertThat(prepare.globalIdentifier()).isEqualTo("kept one");
                        assertThat(prepare.time()).isEqualTo(prepared);
                    });
            assertThat(wal.all(XactData.Commit.class).map(XactData.Commit::completion))
                    .filteredOn(completion -> keptOne.equals(completion.prepared()))
                    .singleElement()
                    .satisfies(completion -> assertThat(completion.time()).isEqualTo(committed));
            assertThat(wal.all(XactData.Abort.class).map(XactData.Abort::completion))
                    .extracting(XactData.Completion::prepared)
                    .contains(undoneOne);
        });
    }

    private static long prepare(Connection session, String identifier) throws SQLException {
        session.setAutoCommit(false);
        Cluster.execute(session, "INSERT INTO line VALUES (5, 'five')");
        long xid = xid(session);
        Cluster.execute(session, "PREPARE TRANSACTION '" + identifier + "'");
        session.commit();
        session.setAutoCommit(true);
        return xid;
    }

    private void droppedRelation(Connection session) throws SQLException {
        Cluster.execute(session, "CREATE TABLE gone (number integer PRIMARY KEY)");
        RelFileLocator table = relation(session, "gone");
        RelFileLocator index = relation(session, "gone_pkey");
        session.setAutoCommit(false);
        Cluster.execute(session, "DROP TABLE gone");
        long xid = xid(session);
        session.commit();
        session.setAutoCommit(true);

        expect(wal -> {
            assertThat(wal.commitOf(xid).droppedRelations()).containsExactlyInAnyOrder(table, index);
            assertThat(wal.commitOf(xid).droppedStatistics()).isPositive();
            assertThat(wal.commitOf(xid).invalidations()).isPositive();
        });
    }

    private void pageImages(Connection session) throws SQLException {
        Cluster.execute(
                session, "INSERT INTO line SELECT i, repeat('compressible ', 30) FROM generate_series(1, 200) i");
        RelFileLocator line = relation(session, "line");
        String known = Cluster.text(
                session, "SELECT array_to_string(enumvals, ' ') FROM pg_settings WHERE name = 'wal_compression'");
        System.out.println("wal_compression: " + known);
        for (String value : List.of("off", "pglz", "lz4", "zstd")) {
            if (List.of(known.split(" ")).contains(value)) {
                Cluster.execute(session, "SET wal_compression = " + value);
                restorePoint(session, "before " + value);
                Cluster.execute(session, "CHECKPOINT");
                Cluster.execute(session, "UPDATE line SET number = number + 1");
                restorePoint(session, "after " + value);
                BlockImage.Compression compression = value.equals("off")
                        ? BlockImage.Compression.NONE
                        : BlockImage.Compression.valueOf(value.toUpperCase(Locale.ROOT));
                expect(wal -> assertThat(wal.imagesOf(line, "before " + value, "after " + value))
                        .hasSizeGreaterThan(2)
                        .allSatisfy(image -> assertThat(image.compression()).isEqualTo(compression))
                        .allSatisfy(image -> assertThat(image.use()).isEqualTo(BlockImage.Use.RESTORE)));
            }
        }
        Cluster.execute(session, "RESET wal_compression");
    }

    private void restorePoint(Connection session, String name) throws SQLException {
        Instant earliest = time(session, "clock_timestamp()");
        Lsn end = lsn(session, "pg_create_restore_point('" + name + "')");
        Instant latest = time(session, "clock_timestamp()");

        expect(wal -> {
            assertThat(wal.restorePoint(name)).isEqualTo(wal.endingAt(end));
            assertThat(wal.endingAt(end).time())
                    .hasValueSatisfying(time -> assertThat(time).isBetween(earliest, latest));
        });
    }

    private void backup(Connection session) throws SQLException {
        Lsn start = lsn(session, "pg_backup_start('walk', fast => true)");
        Lsn stop = Lsn.parse(Cluster.text(session, "SELECT lsn FROM pg_backup_stop(wait_for_archive => false)"));

        expect(wal -> assertThat(wal.endingAt(stop).data()).isEqualTo(new XlogData.BackupEnd(start)));
    }

    private void longMessage(Connection session) throws SQLException {
        Lsn end = lsn(session, "pg_logical_emit_message(false, 'long', repeat('x', 2500000))");

        expect(wal -> {
            WalRecord message = wal.endingAt(end).record();
            assertThat(message.resourceManager()).hasToString("LogicalMessage");
            assertThat(message.mainDataLength()).isGreaterThan(2_500_000);
            assertThat(message.isMainDataWhole()).isFalse();
            assertThat(message.totalLength()).isGreaterThan(2 * MEBIBYTE.bytes());
        });
    }

    private void segmentSwitch(Connection session) throws SQLException {
        Lsn position = lsn(session, "pg_switch_wal()");

        expect(wal -> {
            PgWal.Found found = wal.around(position);
            assertThat(found.data()).isEqualTo(new XlogData.Switch());
            assertThat(found.record().end())
                    .isEqualTo(found.start().alignedDown(MEBIBYTE.bytes()).plus(MEBIBYTE.bytes()));
        });
    }

    private void checkpoint(Connection session) throws SQLException {
        Cluster.execute(session, "CHECKPOINT");
        String told = Cluster.text(session, ControlCheckpoint.QUESTION);
        Lsn at = Lsn.parse(Cluster.text(session, "SELECT checkpoint_lsn FROM pg_control_checkpoint()"));

        expect(wal -> {
            PgWal.Found found = wal.at(at);
            XlogData.Checkpoint checkpoint = (XlogData.Checkpoint) found.data();
            assertThat(ControlCheckpoint.answer(checkpoint)).isEqualTo(told);
            assertThat(checkpoint.kind()).isEqualTo(XlogData.CheckpointKind.ONLINE);
            if (found.record().postgresMajor() < 17) {
                assertThat(checkpoint.walLevel()).isNull();
            } else {
                assertThat(checkpoint.walLevel()).isEqualTo(XlogData.WalLevel.LOGICAL);
                assertThat(wal.at(checkpoint.redo()).data())
                        .isEqualTo(new XlogData.CheckpointRedo(XlogData.WalLevel.LOGICAL));
            }
        });
    }

    /** As PostgreSQL's own test of it: a record that crosses segments, a crash, and the second segment is not there. */
    private void crashWithinARecord(PostgresServer server) throws SQLException, IOException {
        Lsn before;
        Lsn after;
        try (Connection session = server.connect()) {
            do {
                before = lsn(session, "pg_current_wal_insert_lsn()");
                after = lsn(session, "pg_logical_emit_message(true, 'cut', repeat('x', 300000))");
            } while (before.alignedDown(MEBIBYTE.bytes()).equals(after.alignedDown(MEBIBYTE.bytes())));
        }
        server.stopAtOnce();
        String lastKept = WalSegmentName.of(TimelineId.FIRST, before, MEBIBYTE).toString();
        try (Stream<Path> files = Files.list(server.dataDirectory().resolve("pg_wal"))) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.matches("[0-9A-F]{24}") && name.compareTo(lastKept) > 0) {
                    Files.delete(file);
                }
            }
        }
        Lsn cut = before;
        expect(wal -> assertThat(wal.all(XlogData.OverwriteContrecord.class))
                .singleElement()
                .satisfies(overwrite -> {
                    assertThat(overwrite.overwritten().alignedDown(MEBIBYTE.bytes()))
                            .isEqualTo(cut.alignedDown(MEBIBYTE.bytes()));
                    assertThat(wal.found()).extracting(PgWal.Found::start).doesNotContain(overwrite.overwritten());
                }));
    }

    private void restart(PostgresServer server) throws SQLException {
        server.start();
        try (Connection session = server.connect()) {
            restorePoint(session, "after the crash");
        }
        server.stop();
        expect(wal -> assertThat(wal.all(XlogData.ParameterChange.class))
                .filteredOn(change -> change.maxConnections() == 37)
                .singleElement()
                .satisfies(change -> {
                    assertThat(change.walLevel()).isEqualTo(XlogData.WalLevel.LOGICAL);
                    assertThat(change.maxPreparedTransactions()).isEqualTo(5);
                    assertThat(change.trackCommitTimestamp()).isEqualTo(XlogData.Setting.ON);
                    assertThat(change.walLogHints()).isEqualTo(XlogData.Setting.OFF);
                }));
    }

    private void promote(PostgresServer server) throws IOException, SQLException {
        Files.createFile(server.dataDirectory().resolve("standby.signal"));
        server.start();
        try (Connection session = server.connect()) {
            Cluster.text(session, "SELECT pg_promote()");
            Cluster.awaitPromotion(session);
            restorePoint(session, "on the second timeline");
        }
        server.stop();
        expect(wal -> {
            assertThat(wal.restorePoint("after the crash").record().start().timeline())
                    .isEqualTo(TimelineId.FIRST);
            assertThat(wal.restorePoint("on the second timeline")
                            .record()
                            .start()
                            .timeline())
                    .isEqualTo(new TimelineId(2));
            assertThat(wal.all(XlogData.EndOfRecovery.class))
                    .filteredOn(end -> end.timeline().equals(new TimelineId(2)))
                    .singleElement()
                    .satisfies(end -> assertThat(end.previousTimeline()).isEqualTo(TimelineId.FIRST));
        });
    }

    private static TimelineHistory history(Path pgWal) throws IOException {
        return TimelineHistory.parse(new TimelineId(2), Files.readString(pgWal.resolve("00000002.history")));
    }

    private static void compare(List<WaldumpLine> dump, PgWal wal) {
        assertThat(dump.size()).isLessThanOrEqualTo(wal.found().size());
        for (int i = 0; i < dump.size(); i++) {
            WaldumpLine line = dump.get(i);
            assertThat(WaldumpLine.of(wal.found().get(i).record(), line.description()))
                    .isEqualTo(line);
        }
    }

    private void expect(Expectation expectation) {
        expected.add(expectation);
    }

    private static RelFileLocator relation(Connection session, String name) throws SQLException {
        String database = Cluster.text(session, "SELECT oid FROM pg_database WHERE datname = current_database()");
        String number = Cluster.text(session, "SELECT pg_relation_filenode('" + name + "')");
        return new RelFileLocator(1663, Long.parseLong(database), Long.parseLong(number));
    }

    private static long xid(Connection session) throws SQLException {
        return Long.parseLong(Cluster.text(session, "SELECT pg_current_xact_id()"));
    }

    private static Lsn lsn(Connection session, String expression) throws SQLException {
        return Lsn.parse(Cluster.text(session, "SELECT " + expression));
    }

    private static Instant time(Connection session, String expression) throws SQLException {
        return Instant.parse(Cluster.text(
                session, "SELECT to_char(" + expression + " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));
    }
}
