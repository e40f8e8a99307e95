package io.tidemark.pipeline.wal.rmgr;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.RelFileLocator;
import io.tidemark.pipeline.wal.MadeWal;
import io.tidemark.pipeline.wal.ReadWal;
import io.tidemark.pipeline.wal.WalFixtures;
import io.tidemark.pipeline.wal.WalRecord;
import io.tidemark.pipeline.wal.WaldumpLine;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What real records say, compared with what pg_waldump says of them. */
final class MainDataTest {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd HH:mm:ss.SSSSSS 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    @Test
    void xlogRecords_sayWhatPgWaldumpSays() {
        int seen = 0;
        for (String segment : WalFixtures.BASIC) {
            List<WalRecord> records =
                    ReadWal.of(segment, WalFixtures.basic(segment)).records();
            List<WaldumpLine> lines = lines(segment);
            for (int i = 0; i < records.size(); i++) {
                if (lines.get(i).resourceManager().equals("XLOG")) {
                    assertThat(lines.get(i).description().strip())
                            .startsWith(words((XlogData) MainData.of(records.get(i))));
                    seen++;
                }
            }
        }
        assertThat(seen).isGreaterThan(50);
    }

    @Test
    void transactions_endAsPgWaldumpSays() {
        int seen = 0;
        for (String segment : WalFixtures.BASIC) {
            List<WalRecord> records =
                    ReadWal.of(segment, WalFixtures.basic(segment)).records();
            List<WaldumpLine> lines = lines(segment);
            for (int i = 0; i < records.size(); i++) {
                String description = lines.get(i).description();
                if (description.startsWith("COMMIT")) {
                    XactData.Completion commit = ((XactData.Commit) MainData.of(records.get(i))).completion();

                    assertThat(description).startsWith("COMMIT " + TIME.format(commit.time()));
                    assertThat(RecordTime.of(records.get(i))).hasValue(commit.time());
                    assertThat(commit.droppedRelations().stream().map(MainDataTest::path))
                            .isEqualTo(words(description, "rels: "));
                    assertThat(commit.droppedStatistics())
                            .isEqualTo(words(description, "dropped stats: ").size());
                    assertThat(commit.invalidations())
                            .isEqualTo(words(description, "inval msgs: ").size() / 2);
                    assertThat(commit.subtransactions()).isZero();
                    seen++;
                }
            }
        }
        assertThat(seen).isGreaterThan(15);
    }

    @Test
    void t61_rotationsOfPrincipalKeys_areSeenInTheLog() {
        assertThat(tde("00000001000000000000000D").filter(data -> !isOfARelation(data)))
                .containsExactly(
                        rotation(1664, "basic-server-2"),
                        rotation(1663, "basic-default-2"),
                        rotation(5, "basic-default-2"));
    }

    @Test
    void t86_recordsOfPgTdeAboutRelations_nameThem() {
        assertThat(tde("00000001000000000000000A"))
                .hasSize(15)
                .contains(new TdeData.CreateRelationKey(new RelFileLocator(1663, 5, 16432)))
                .contains(new TdeData.DeleteRelationKey(new RelFileLocator(1663, 5, 16446)));
    }

    @Test
    void backupRestorePointAndRotation_standInTheClusterSet() {
        List<MainData> found = ReadWal.of(
                        WalFixtures.CLUSTER.get(0),
                        WalFixtures.cluster(WalFixtures.CLUSTER.get(0)),
                        WalFixtures.cluster(WalFixtures.CLUSTER.get(1)))
                .records()
                .stream()
                .map(MainData::of)
                .toList();

        assertThat(found)
                .contains(new XlogData.BackupEnd(Lsn.parse("0/F00028")))
                .contains(rotation(5, "fxcluster-default-2"))
                .noneMatch(data ->
                        data instanceof NotRead unread && unread.reason() != NotRead.Reason.OTHER_RESOURCE_MANAGER);
    }

    @Test
    void recordsOfOtherResourceManagers_areNotRead() {
        MadeWal made = MadeWal.ofDefaults();
        made.record(10, 0x30, new byte[8]);

        assertThat(MainData.of(ReadWal.of(made).records().get(0)))
                .hasToString("NotRead[resourceManager=Heap, operation=48, reason=OTHER_RESOURCE_MANAGER, detail=]");
    }

    @Test
    void mainDataThatAreNotHeldWhole_stillTellTheTime() {
        MadeWal made = MadeWal.ofDefaults();
        byte[] commit = new byte[2 << 20];
        made.record(1, 0x00, commit);
        WalRecord record = ReadWal.of(made).records().get(0);

        assertThat(RecordTime.of(record)).hasValue(Instant.parse("2000-01-01T00:00:00Z"));
        assertThat(((NotRead) MainData.of(record)).reason()).isEqualTo(NotRead.Reason.TOO_LONG);
    }

    private static String words(XlogData data) {
        if (data instanceof XlogData.Checkpoint checkpoint) {
            return words(checkpoint);
        }
        if (data instanceof XlogData.CheckpointRedo redo) {
            return "CHECKPOINT_REDO wal_level " + lower(redo.walLevel());
        }
        if (data instanceof XlogData.NextOid next) {
            return "NEXTOID " + next.oid();
        }
        if (data instanceof XlogData.FullPageImages images) {
            return images.cause() == XlogData.Cause.HINT ? "FPI_FOR_HINT" : "FPI ,";
        }
        return data.equals(new XlogData.Switch()) ? "SWITCH" : data.toString();
    }

    private static String words(XlogData.Checkpoint checkpoint) {
        XlogData.Multixacts multixacts = checkpoint.multixacts();
        return "CHECKPOINT_%s redo %s; tli %d; prev tli %d; fpw %s; wal_level %s; xid %d:%d; oid %d; multi %d; offset %d; "
                        .formatted(
                                checkpoint.kind(),
                                checkpoint.redo(),
                                checkpoint.timeline().number(),
                                checkpoint.previousTimeline().number(),
                                checkpoint.fullPageWrites() == XlogData.Setting.ON,
                                lower(checkpoint.walLevel()),
                                checkpoint.nextXid() >>> 32,
                                checkpoint.nextXid() & 0xffffffffL,
                                checkpoint.nextOid(),
                                multixacts.next(),
                                multixacts.nextOffset())
                + "oldest xid %d in DB %d; oldest multi %d in DB %d; oldest/newest commit timestamp xid: %d/%d; oldest running xid %d; "
                        .formatted(
                                checkpoint.oldestTransaction().xid(),
                                checkpoint.oldestTransaction().database(),
                                multixacts.oldest(),
                                multixacts.oldestDatabase(),
                                checkpoint.commitTimestamps().oldestXid(),
                                checkpoint.commitTimestamps().newestXid(),
                                checkpoint.oldestActiveXid())
                + lower(checkpoint.kind());
    }

    private static String lower(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    private static List<String> words(String description, String heading) {
        Matcher list = Pattern.compile("; " + heading + "([^;]*)").matcher(description);
        return list.find() ? List.of(list.group(1).split(" ")) : List.of();
    }

    private static String path(RelFileLocator relation) {
        return "base/" + relation.database() + "/" + relation.relation();
    }

    private static TdeData rotation(long database, String name) {
        return new TdeData.RotatePrincipalKey(new TdeData.PrincipalKeyName(database, -1, name));
    }

    private static boolean isOfARelation(TdeData data) {
        return data instanceof TdeData.CreateRelationKey || data instanceof TdeData.DeleteRelationKey;
    }

    private static Stream<TdeData> tde(String segment) {
        return ReadWal.of(segment, WalFixtures.basic(segment)).records().stream()
                .map(MainData::of)
                .filter(TdeData.class::isInstance)
                .map(TdeData.class::cast);
    }

    private static List<WaldumpLine> lines(String segment) {
        return WalFixtures.basicDump(segment).stream().map(WaldumpLine::parse).toList();
    }
}
