package io.tidemark.pipeline.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import io.tidemark.pipeline.config.FailureKind;
import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.config.TidemarkException;
import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.event.Progress;
import io.tidemark.sinks.StoreUnavailable;
import io.tidemark.sinks.testing.Fault;
import io.tidemark.sinks.testing.FaultyStore;
import io.tidemark.sinks.testing.RecordingStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows ST8 and ST9: a repository dies in the middle of a restore, and the others bring the cluster back. */
final class FailoverTest {
    private static final String VERSION = "PG_17_202406281";
    private static final Header OLD =
            Backups.header("20261126T020000Z-0a0a0a", 1, "0/3000028", "0/30000A0", "2026-11-26T02:00:00Z");
    private static final Header NEW =
            Backups.header("20261127T020000Z-0b0b0b", 1, "0/4000028", "0/40000A0", "2026-11-27T02:00:00Z");

    private final TestRepository paris = new TestRepository();
    private final TestRepository oslo = new TestRepository();
    private final List<Event> events = new ArrayList<>();

    @TempDir
    private Path scratch;

    private Path target;

    @BeforeEach
    void place() throws IOException {
        scratch = scratch.toRealPath();
        target = scratch.resolve("data");
    }

    @AfterEach
    void wipe() {
        paris.keyring().close();
        oslo.keyring().close();
    }

    @Test
    void repositoryDiesAtAnyPoint_sameBackupInAnother_thatOneCompletesIt() throws IOException {
        small(NEW).store(paris);
        small(NEW).store(oslo);
        paris.wal(1, 4, 6);
        oslo.wal(1, 4, 5);
        SortedMap<String, String> expected = undisturbed(oslo);

        int takenOver = 0;
        for (int n = requestsOfAPlan() + 1; ; n++) {
            target = scratch.resolve("data" + n);
            RestoreSource dying = dying(n);

            Restore.Done done = restored(dying);

            if (done.plan().source().name().equals("paris")) {
                break;
            }
            takenOver++;
            assertThat(tree(target)).isEqualTo(expected);
            assertThat(restoreCommand())
                    .contains("--repository oslo --through 000000010000000000000005")
                    .doesNotContain("paris");
        }

        assertThat(takenOver).isGreaterThan(4);
    }

    @Test
    void takeover_isReportedWithTheRepositoryAndTheReason() {
        small(NEW).store(paris);
        small(NEW).store(oslo);
        paris.wal(1, 4, 6);
        oslo.wal(1, 4, 5);

        Restore.Done done = restored(withoutPacks());

        assertThat(kinds()).containsExactly(RestoreEvent.REPOSITORY_LOST, RestoreEvent.TAKEN_OVER);
        assertThat(events.get(0).fields())
                .contains(new Event.Field("repository", "paris"), new Event.Field("why", "no route"));
        assertThat(events.get(1).fields())
                .contains(new Event.Field("repository", "oslo"), new Event.Field("instead", "paris"));
        assertThat(done.remarks().get(0)).contains("paris", "no route", "oslo", "000000010000000000000005");
    }

    /** Other files, another tablespace: nothing of the first plan is left, neither in the data directory nor outside. */
    @Test
    void repositoryDiesAtAnyPoint_anotherBackupInAnother_itsOwnPlanReplacesWhatWasWritten() throws IOException {
        Path onlyNew = Files.createDirectory(scratch.resolve("only-new"));
        small(NEW)
                .directory("base/7")
                .directory("base/7/nested")
                .file("base/7/nested/1", "of the new one")
                .with(backup -> tablespace(backup, 16400, onlyNew, "new rows"))
                .store(paris);
        paris.wal(1, 4, 6);
        small(OLD)
                .directory("base/6")
                .file("base/6/1", "of the old one")
                .with(backup -> tablespace(backup, 16500, scratch.resolve("both"), "old rows"))
                .store(oslo);
        oslo.wal(1, 3, 4);
        SortedMap<String, String> expected = undisturbed(oslo);
        Files.delete(scratch.resolve("both").resolve(VERSION).resolve("1"));
        Files.delete(scratch.resolve("both").resolve(VERSION));

        int takenOver = 0;
        for (int n = requestsOfAPlan() + 1; ; n++) {
            target = scratch.resolve("data" + n);
            Restore.Done done = restored(dying(n));
            if (done.plan().source().name().equals("paris")) {
                break;
            }
            takenOver++;
            assertThat(done.remarks()).hasSize(1);
            assertThat(tree(target)).isEqualTo(expected);
            assertThat(onlyNew).isEmptyDirectory();
            assertThat(scratch.resolve("both").resolve(VERSION).resolve("1")).hasContent("old rows");
            Files.delete(scratch.resolve("both").resolve(VERSION).resolve("1"));
            Files.delete(scratch.resolve("both").resolve(VERSION));
        }

        assertThat(takenOver).isGreaterThan(4);
    }

    @Test
    void objectThatIsDamaged_isReadFromTheOtherRepository() throws IOException {
        small(NEW).store(paris);
        small(NEW).store(oslo);
        paris.wal(1, 4, 6);
        oslo.wal(1, 4, 6);
        RestoreSource damaged = paris.source(
                "paris",
                FaultyStore.of(
                        paris.store(), Fault.get().from(2).named("/pack/").flips(50)));

        Restore.Done done = restored(damaged);

        assertThat(done.plan().source().name()).isEqualTo("oslo");
        assertThat(done.remarks()).anyMatch(remark -> remark.contains("paris") && remark.contains("sealed segment"));
        assertThat(target.resolve("base/5/9")).hasBinaryContent(Bytes.random(300_000, 9));
    }

    @Test
    void nobodyCanTakeOver_endsWithTheFirstErrorAndCanBeRunAgain() throws IOException {
        small(NEW).store(paris);
        paris.wal(1, 4, 6);
        RestoreSource dying = withoutPacks();

        assertThatThrownBy(() -> restored(dying))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessage("no route")
                .satisfies(error -> assertThat(error.getSuppressed()[0]).hasMessageContaining("has no backup"));

        assertThat(kinds()).containsExactly(RestoreEvent.REPOSITORY_LOST, RestoreEvent.NOT_TAKEN_OVER);
        assertThat(target.resolve("global/pg_control")).doesNotExist();
        Running.run(Running.plan(paris, RestoreRequest.latest(target)));
        assertThat(target.resolve("base/5/9")).hasBinaryContent(Bytes.random(300_000, 9));
    }

    @Test
    void damageEverywhere_endsWithTheFirstOnesIntegrityError() {
        small(NEW).store(paris);
        small(NEW).store(oslo);
        paris.wal(1, 4, 6);
        oslo.wal(1, 4, 6);
        Fault flip = Fault.get().from(2).named("/pack/").flips(50);
        RestoreSource first = paris.source("paris", FaultyStore.of(paris.store(), flip));
        RestoreSource second = oslo.source("oslo", FaultyStore.of(oslo.store(), flip));

        assertThatThrownBy(() -> Running.run(
                        Running.plan(RestoreRequest.latest(target), first, second),
                        Running.offers(first, second),
                        events::add))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        error -> assertThat(error.kind()).isEqualTo(FailureKind.INTEGRITY));
        assertThat(target.resolve("global/pg_control")).doesNotExist();
    }

    @Test
    void directoryThatCannotBeWritten_isNoReasonToAskAnotherRepository() throws IOException {
        small(NEW).store(paris);
        small(NEW).store(oslo);
        paris.wal(1, 4, 6);
        oslo.wal(1, 4, 6);
        RestorePlan plan = Running.plan(RestoreRequest.latest(target), paris.source("paris", paris.store()));
        RestoreSource inTheWay = paris.source("paris", paris.store());
        Path base = target.resolve("base");

        assertThatThrownBy(() -> Running.restore()
                        .run(
                                plan,
                                Running.offers(inTheWay, oslo.source("oslo", oslo.store())),
                                new Obstacle(base.resolve("5/9")),
                                anew -> {
                                    throw new AssertionError("taken over");
                                })
                        .block())
                .hasMessageContaining("cannot write 'base/5/9'");
    }

    /** What somebody else puts among the files of a run is not removed with them. */
    @Test
    void directoryOfSomebodyElse_amongWhatWasWritten_staysAndStopsTheTakeover() {
        small(NEW).store(paris);
        small(OLD).store(oslo);
        paris.wal(1, 4, 6);
        oslo.wal(1, 3, 6);
        RestoreSource dying = paris.source(
                "paris",
                FaultyStore.of(
                        paris.store(),
                        Fault.get().named("/pack/").from(3).fails(new StoreUnavailable("no route", null))));
        RestoreSource other = oslo.source("oslo", oslo.store());
        RestorePlan plan = Running.plan(RestoreRequest.latest(target), dying, other);
        Path mine = target.resolve("base/mine");

        assertThatThrownBy(() -> Running.restore()
                        .run(plan, Running.offers(dying, other), Progress.silent(), anew -> make(mine))
                        .block())
                .isInstanceOf(RefusedForSafety.class)
                .hasMessageContaining("somebody else");
        assertThat(mine).isDirectory();
        assertThat(target.resolve("global/pg_control")).doesNotExist();
    }

    @Test
    void markerOfAnotherRun_doesNotLetAnotherBackupReplaceIt() {
        small(NEW).store(paris);
        paris.wal(1, 4, 6);
        RestoreSource dying = withoutPacks();
        assertThatThrownBy(() -> restored(dying)).isInstanceOf(StoreUnavailable.class);
        small(OLD).store(oslo);
        oslo.wal(1, 3, 6);

        assertThatThrownBy(() -> Running.plan(RestoreRequest.latest(target), oslo.source("oslo", oslo.store())))
                .isInstanceOf(RefusedForSafety.class)
                .hasMessageContaining("unfinished restore of backup " + NEW.label());
    }

    private int requestsOfAPlan() {
        RecordingStore counted = new RecordingStore(paris.store());
        Running.plan(RestoreRequest.latest(scratch.resolve("planned")), paris.source("paris", counted));
        return counted.taken().size();
    }

    /** From the n-th call on, of whatever kind. */
    private RestoreSource dying(int n) {
        return paris.source(
                "paris",
                FaultyStore.of(paris.store(), Fault.any().from(n).fails(new StoreUnavailable("no route", null))));
    }

    private RestoreSource withoutPacks() {
        Fault away = Fault.get().named("/pack/").fails(new StoreUnavailable("no route", null));
        return paris.source("paris", FaultyStore.of(paris.store(), away));
    }

    private Restore.Done restored(RestoreSource first) {
        events.clear();
        RestoreSource second = oslo.source("oslo", oslo.store());
        RestorePlan plan = Running.plan(RestoreRequest.latest(target), first, second);
        return Running.run(plan, Running.offers(first, second), events::add);
    }

    private List<Object> kinds() {
        return events.stream().<Object>map(Event::kind).toList();
    }

    private static TestBackup small(Header header) {
        return TestBackup.ofDirectory(header).file("base/5/9", Bytes.random(300_000, 9));
    }

    private static TestBackup tablespace(TestBackup backup, long oid, Path location, String rows) {
        String link = "pg_tblspc/" + oid;
        return backup.tablespace(oid, location).directory(link + "/" + VERSION).file(link + "/" + VERSION + "/1", rows);
    }

    private SortedMap<String, String> undisturbed(TestRepository repository) throws IOException {
        target = scratch.resolve("undisturbed");
        Running.run(Running.plan(RestoreRequest.latest(target), repository.source("oslo", repository.store())));
        return tree(target);
    }

    private String restoreCommand() throws IOException {
        return Files.readString(target.resolve("postgresql.auto.conf"));
    }

    private static SortedMap<String, String> tree(Path root) throws IOException {
        SortedMap<String, String> tree = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.toList()) {
                boolean file = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
                tree.put(
                        root.relativize(path).toString(),
                        file
                                ? PosixFilePermissions.toString(Files.getPosixFilePermissions(path)) + " "
                                        + Arrays.hashCode(Files.readAllBytes(path))
                                : "");
            }
        }
        return tree;
    }

    private static void make(Path directory) {
        try {
            Files.createDirectory(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts a file into the way when the restore has begun. */
    private static final class Obstacle implements Progress {
        private final Path place;

        Obstacle(Path place) {
            this.place = place;
        }

        @Override
        public void expect(long bytes) {}

        @Override
        public void advance(long bytes) {
            try {
                if (!Files.exists(place)) {
                    Files.createFile(place);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
