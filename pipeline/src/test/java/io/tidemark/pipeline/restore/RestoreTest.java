package io.tidemark.pipeline.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.pipeline.catalog.manifest.BackupOrigin;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.config.TidemarkException;
import io.tidemark.pipeline.restore.RestoreRequest.Action;
import io.tidemark.pipeline.restore.RestoreRequest.Inclusion;
import io.tidemark.pipeline.restore.RestoreRequest.Lineage;
import io.tidemark.sinks.StoreUnavailable;
import io.tidemark.sinks.testing.Fault;
import io.tidemark.sinks.testing.FaultyStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RestoreTest {
    private static final Header STOPPED =
            Backups.header("20261127T020000Z-0a1b2c", 1, "0/3000028", "0/30000A0", "2026-11-27T02:00:00Z");
    private static final String LABEL_FILE = "START WAL LOCATION: 0/3000028 (file 000000010000000000000003)\n";

    private final TestRepository repository = new TestRepository();

    @TempDir
    private Path scratch;

    private Path target;

    @BeforeEach
    void place() {
        target = scratch.resolve("data");
    }

    @AfterEach
    void wipe() {
        repository.keyring().close();
    }

    @Test
    void r4_plan_saysWhatItWillDoAndWritesNothing() {
        TestBackup.ofDirectory(STOPPED).store(repository);
        repository.wal(1, 3, 5);

        RestorePlan plan = plan(RestoreRequest.latest(target));

        assertThat(String.join("\n", plan.lines(java.time.ZoneOffset.UTC)))
                .contains("20261127T020000Z-0a1b2c", "3 segments from 000000010000000000000003")
                .contains("through segment 000000010000000000000005", "last commit not inspected")
                .contains("archive-get --repository local --through 000000010000000000000005 %f");
        assertThat(plan.json().getAsJsonObject("wal").get("through").getAsString())
                .isEqualTo("000000010000000000000005");
        assertThat(plan.through()).contains("000000010000000000000005");
        assertThat(target).doesNotExist();
    }

    @Test
    void r4_plan_isWhatIsExecuted() throws IOException {
        TestBackup.ofDirectory(STOPPED).store(repository);
        repository.wal(1, 3, 5);
        RestorePlan plan = plan(RestoreRequest.latest(target));

        run(plan);

        assertThat(target.resolve("PG_VERSION")).hasContent("17");
        assertThat(target.resolve("global/pg_control")).hasContent("control of " + STOPPED.label());
        assertThat(target.resolve("recovery.signal")).isEmptyFile();
        assertThat(target.resolve(RestoreMarker.NAME)).doesNotExist();
        String conf = Files.readString(target.resolve("postgresql.auto.conf"));
        assertThat(conf).contains("work_mem = '5MB'\n");
        plan.settings().forEach(setting -> assertThat(conf).contains(setting.line() + "\n"));
        assertThat(Files.getLastModifiedTime(target.resolve("PG_VERSION")).toInstant())
                .isEqualTo(TestBackup.MODIFIED);
    }

    @Test
    void files_ofAllShapes_comeBackByteForByte() throws IOException {
        byte[] long3 = Bytes.random(3 * (1 << 20) + 12_345, 7);
        byte[] pages = Bytes.random(5 * 8192, 8);
        withOwnWal(TestBackup.ofDirectory(STOPPED))
                .file("base/5/1", new byte[0])
                .file("base/5/2", long3)
                .with(backup -> backup.scattered(
                        "base/5/3", pages, repository.keyring().derivations().pages()))
                .with(backup -> backup.zeros("base/5/4", 200_000))
                .store(repository);

        run(plan(RestoreRequest.latest(target)));

        assertThat(target.resolve("base/5/1")).isEmptyFile();
        assertThat(target.resolve("base/5/2")).hasBinaryContent(long3);
        assertThat(target.resolve("base/5/3")).hasBinaryContent(pages);
        assertThat(target.resolve("base/5/4")).hasBinaryContent(new byte[200_000]);
    }

    @Test
    void pageMap_thatMixesUpPages_isFoundByThePageList() {
        byte[] pages = Bytes.random(5 * 8192, 8);
        withOwnWal(TestBackup.ofDirectory(STOPPED))
                .with(backup -> backup.scattered(
                        "base/5/3", pages, repository.keyring().derivations().pages(), 1))
                .store(repository);
        RestorePlan plan = plan(RestoreRequest.latest(target));

        assertThatThrownBy(() -> run(plan))
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining("differs from the page list");
        assertThat(target.resolve("global/pg_control")).doesNotExist();
    }

    @Test
    void t42_backupWhoseOwnWalIsMissing_isRefusedAndTheSegmentsAreNamed() {
        TestBackup.ofDirectory(online(LABEL_FILE, null)).store(repository);
        repository.wal(1, 3, 3);

        assertThatThrownBy(() -> plan(RestoreRequest.latest(target)))
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining("missing")
                .hasMessageContaining("000000010000000000000004 to 000000010000000000000005");
        assertThat(target).doesNotExist();
    }

    @Test
    void t42_walOfAStoppedDirectory_isInTheBackupOrMissing() {
        Header stopped = Backups.header("20261127T020000Z-0a1b2c", 1, "0/3000028", "0/30000A0", "2026-11-27T02:00:00Z");
        TestBackup.ofDirectory(stopped).store(repository);

        assertThatThrownBy(() -> plan(RestoreRequest.latest(target)))
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining("000000010000000000000003");
    }

    @Test
    void latest_ofAStoppedDirectoryWithoutArchivedWal_needsNoArchive() throws IOException {
        withOwnWal(TestBackup.ofDirectory(STOPPED)).store(repository);

        run(plan(RestoreRequest.latest(target)));

        assertThat(Files.readString(target.resolve("postgresql.auto.conf")))
                .contains("restore_command")
                .doesNotContain("--through");
    }

    @Test
    void immediate_withoutAnyRecordBehindTheCheckpoint_setsNoTarget() {
        withOwnWal(TestBackup.ofDirectory(STOPPED)).store(repository);

        RestorePlan plan = plan(RestoreRequest.latest(target).withTarget(new RecoveryTarget.Immediate()));

        assertThat(plan.settings()).contains(new ServerSetting("recovery_target", ""));
    }

    @Test
    void gap_onTheWay_isNamedBeforeAnythingIsWritten() {
        TestBackup.ofDirectory(STOPPED).store(repository);
        repository.wal(1, 3, 4).wal(1, 7, 9);

        assertThatThrownBy(() -> plan(RestoreRequest.latest(target)))
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining("000000010000000000000005 to 000000010000000000000006")
                .satisfies(e ->
                        assertThat(((TidemarkException) e).hint().orElseThrow()).contains("0/5000000"));
        assertThat(target).doesNotExist();
    }

    @Test
    void gap_behindTheTarget_doesNotMatter() {
        TestBackup.ofDirectory(STOPPED).store(repository);
        repository.wal(1, 3, 4).wal(1, 7, 9);

        RestorePlan plan =
                plan(RestoreRequest.latest(target).withTarget(new RecoveryTarget.Position(Lsn.parse("0/4FFFFFF"))));

        assertThat(plan.through()).contains("000000010000000000000004");
    }

    @Test
    void lsn_thatTheArchiveDoesNotReach_isRefused() {
        TestBackup.ofDirectory(STOPPED).store(repository);
        repository.wal(1, 3, 4);

        assertThatThrownBy(() -> plan(
                        RestoreRequest.latest(target).withTarget(new RecoveryTarget.Position(Lsn.parse("0/5000000")))))
                .isInstanceOf(RefusedForSafety.class)
                .hasMessageContaining("0/5000000");
    }

    @Test
    void atLeast_aboveWhatIsReachable_isRefused() {
        TestBackup.ofDirectory(STOPPED).store(repository);
        repository.wal(1, 3, 4);

        assertThat(plan(atLeast("0/5000000")).through()).isPresent();
        assertThatThrownBy(() -> plan(atLeast("0/5000001")))
                .isInstanceOf(RefusedForSafety.class)
                .hasMessageContaining("--at-least");
    }

    @Test
    void time_afterTheLastArchivedSegmentOrInTheFuture_isRefused() {
        TestBackup.ofDirectory(STOPPED).store(repository);
        repository.wal(1, 3, 4);

        assertThat(plan(at("2026-11-27 02:59:00Z")).through()).isPresent();
        assertThatThrownBy(() -> plan(at("2026-11-27 03:00:01Z"))).isInstanceOf(RefusedForSafety.class);
        assertThatThrownBy(() -> plan(at("2030-01-01 00:00:00Z")))
                .isInstanceOf(RefusedForSafety.class)
                .hasMessageContaining("future");
    }

    @Test
    void t43_backupLabel_isWrittenWhereThereIsOneAndOnlyThen() throws IOException {
        TestBackup.ofDirectory(online(LABEL_FILE, null)).store(repository);
        repository.wal(1, 3, 5);

        run(plan(RestoreRequest.latest(target)));

        assertThat(Files.readString(target.resolve("backup_label"))).isEqualTo(LABEL_FILE);
        assertThat(target.resolve("tablespace_map")).doesNotExist();
    }

    @Test
    void t43_stoppedDirectory_hasNoBackupLabelNotEvenAnOldOne() throws IOException {
        withOwnWal(TestBackup.ofDirectory(STOPPED))
                .file("backup_label", "an old one")
                .file("standby.signal", "x")
                .file("postmaster.pid", "1\n")
                .store(repository);

        run(plan(RestoreRequest.latest(target)));

        assertThat(target.resolve("backup_label")).doesNotExist();
        assertThat(target.resolve("standby.signal")).doesNotExist();
        assertThat(target.resolve("postmaster.pid")).doesNotExist();
    }

    @Test
    void t46_directoryThatIsNotEmpty_isRefusedAndLeftAlone() throws IOException {
        withOwnWal(TestBackup.ofDirectory(STOPPED)).store(repository);
        Files.createDirectory(target);
        Files.writeString(target.resolve("precious"), "x");

        assertThatThrownBy(() -> plan(RestoreRequest.latest(target)))
                .isInstanceOf(RefusedForSafety.class)
                .hasMessageContaining("not empty");
        assertThat(target.resolve("precious")).hasContent("x");
    }

    @Test
    void t46_directoryThatFillsAfterThePlan_isRefused() throws IOException {
        withOwnWal(TestBackup.ofDirectory(STOPPED)).store(repository);
        RestorePlan plan = plan(RestoreRequest.latest(target));
        Files.createDirectory(target);
        Files.writeString(target.resolve("precious"), "x");

        assertThatThrownBy(() -> run(plan)).isInstanceOf(RefusedForSafety.class);
        assertThat(target).isDirectoryNotContaining("glob:**PG_VERSION");
    }

    @Test
    void t47_directoryOfARunningServer_isRefusedAndTheProcessIsNamed() throws IOException {
        withOwnWal(TestBackup.ofDirectory(STOPPED)).store(repository);
        Files.createDirectory(target);
        long pid = ProcessHandle.current().pid();
        Files.writeString(target.resolve("postmaster.pid"), pid + "\n/data\n");

        assertThatThrownBy(() -> plan(RestoreRequest.latest(target)))
                .isInstanceOf(RefusedForSafety.class)
                .hasMessageContaining("server runs")
                .hasMessageContaining(Long.toString(pid));
    }

    @Test
    void t118_oddNames_comeBackByteForByte() throws IOException {
        withOwnWal(TestBackup.ofDirectory(STOPPED))
                .file("a b'c\"d", "1")
                .file("50%25%0anewline", "2")
                .file("caf\u00e9", "3")
                .file("not-utf8-%ff%fe", "4")
                .store(repository);

        run(plan(RestoreRequest.latest(target)));

        for (var entry : Map.of("a b'c\"d", "1", "50%25%0anewline", "2", "caf\u00e9", "3", "not-utf8-%ff%fe", "4")
                .entrySet()) {
            Path file = io.tidemark.pipeline.catalog.manifest.FilePath.parse(entry.getKey())
                    .under(target);
            assertThat(Files.readString(file)).isEqualTo(entry.getValue());
        }
    }

    @Test
    void t120_modes_areSetWhateverTheBackupSays() throws IOException {
        withOwnWal(TestBackup.ofDirectory(STOPPED))
                .header(header -> Backups.withDirectoryMode(header, 0755))
                .store(repository);

        run(plan(RestoreRequest.latest(target)));

        assertThat(mode(target)).isEqualTo("rwxr-x---");
        assertThat(mode(target.resolve("base/5"))).isEqualTo("rwx------");
        assertThat(mode(target.resolve("PG_VERSION"))).isEqualTo("rw-------");
        assertThat(mode(target.resolve("recovery.signal"))).isEqualTo("rw-------");
    }

    @Test
    void t51_restoreThatFailsAnywhere_cannotBeStartedAndCompletesWhenRunAgain() throws IOException {
        withOwnWal(TestBackup.ofDirectory(STOPPED))
                .file("base/5/9", Bytes.random(100_000, 3))
                .store(repository);
        int interrupted = 0;
        for (int n = 1; ; n++) {
            Path directory = scratch.resolve("data" + n);
            RestoreRequest request = RestoreRequest.latest(directory);
            var faulty = new FaultyStore(
                    repository.store(), List.of(Fault.get().nth(n).fails(new StoreUnavailable("down", null))));
            RestoreSource source = repository.source("local", faulty);
            try {
                run(Running.plan(request, source));
                break;
            } catch (StoreUnavailable expected) {
                interrupted++;
            }
            assertThat(directory.resolve("global/pg_control")).doesNotExist();
            run(plan(request));
            assertThat(directory.resolve("base/5/9")).hasBinaryContent(Bytes.random(100_000, 3));
            assertThat(directory.resolve("global/pg_control")).exists();
            assertThat(directory.resolve(RestoreMarker.NAME)).doesNotExist();
        }
        assertThat(interrupted).isGreaterThan(3);
    }

    @Test
    void t51_unfinishedRestoreOfAnotherBackup_isRefused() throws IOException {
        withOwnWal(TestBackup.ofDirectory(STOPPED)).store(repository);
        interruptedIn(target);
        Header other = Backups.header("20261127T023000Z-0d0d0d", 1, "0/3000028", "0/30000A0", "2026-11-27T02:30:00Z");
        withOwnWal(TestBackup.ofDirectory(other)).store(repository);

        assertThatThrownBy(() -> plan(backup(other)))
                .isInstanceOf(RefusedForSafety.class)
                .hasMessageContaining("unfinished restore of backup " + STOPPED.label());
    }

    @Test
    void t51_fileThatSomebodyPutIntoAnUnfinishedRestore_staysAndStopsIt() throws IOException {
        withOwnWal(TestBackup.ofDirectory(STOPPED)).store(repository);
        interruptedIn(target);
        Files.writeString(target.resolve("base/mine"), "x");
        RestorePlan plan = plan(RestoreRequest.latest(target));

        assertThatThrownBy(() -> run(plan)).isInstanceOf(RefusedForSafety.class).hasMessageContaining("somebody else");
        assertThat(target.resolve("base/mine")).hasContent("x");
        assertThat(target.resolve("global/pg_control")).doesNotExist();
    }

    @Test
    void restoreThatWasAllButFinished_isNotWrittenOver() throws IOException {
        withOwnWal(TestBackup.ofDirectory(STOPPED)).store(repository);
        interruptedIn(target);
        Files.writeString(target.resolve("global/pg_control"), "started since");

        assertThatThrownBy(() -> plan(RestoreRequest.latest(target)))
                .isInstanceOf(RefusedForSafety.class)
                .hasMessageContaining("all but finished");
    }

    @Test
    void packThatIsMissingOrCut_isNamedBeforeAnythingIsWritten() {
        withOwnWal(TestBackup.ofDirectory(STOPPED)).store(repository);
        String pack = Backups.SYSTEM + "/backup/" + STOPPED.label() + "/pack/01/00000001";
        byte[] content = repository.store().content(pack);
        repository.store().uproot(pack);

        assertThatThrownBy(() -> plan(RestoreRequest.latest(target)))
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining(pack + " is missing");

        repository.store().plant(pack, java.util.Arrays.copyOf(content, content.length - 1));
        assertThatThrownBy(() -> plan(RestoreRequest.latest(target)))
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining("bytes, not " + content.length);
        assertThat(target).doesNotExist();
    }

    @Test
    void repositoryThatIsDown_doesNotStandInTheWayOfAnother() {
        withOwnWal(TestBackup.ofDirectory(STOPPED)).store(repository);
        repository.wal(1, 3, 4);
        RestoreSource down = repository.source(
                "paris",
                new FaultyStore(
                        repository.store(), List.of(Fault.any().fails(new StoreUnavailable("no route", null)))));

        RestorePlan plan = Running.plan(RestoreRequest.latest(target), down, repository.source());

        assertThat(plan.repositories()).containsExactly("local");
        assertThat(plan.notes()).anyMatch(note -> note.contains("no route"));
    }

    @Test
    void repositoriesThatReachAsFar_areBothAskedForWal() {
        withOwnWal(TestBackup.ofDirectory(STOPPED)).store(repository);
        repository.wal(1, 3, 4);

        RestorePlan plan = Running.plan(
                RestoreRequest.latest(target), repository.source(), repository.source("paris", repository.store()));

        assertThat(plan.repositories()).containsExactly("local", "paris");
    }

    @Test
    void repositoryWithoutABackup_saysSo() {
        assertThatThrownBy(() -> plan(RestoreRequest.latest(target)))
                .isInstanceOf(RefusedForSafety.class)
                .hasMessageContaining("has no backup");
    }

    private static TestBackup withOwnWal(TestBackup backup) {
        return backup.zeros("pg_wal/000000010000000000000003", 16 << 20);
    }

    private static Header online(String label, @Nullable String map) {
        return Backups.header(
                "20261127T020000Z-0a1b2c",
                1,
                "0/3000028",
                "0/50000A0",
                "2026-11-27T02:00:00Z",
                BackupOrigin.PRIMARY,
                label,
                map);
    }

    private void interruptedIn(Path directory) {
        var faulty = new FaultyStore(
                repository.store(), List.of(Fault.get().named("/pack/").fails(new StoreUnavailable("down", null))));
        RestoreSource source = repository.source("local", faulty);
        RestorePlan plan = Running.plan(RestoreRequest.latest(directory), source);
        assertThatThrownBy(() -> run(plan)).isInstanceOf(StoreUnavailable.class);
        assertThat(directory.resolve(RestoreMarker.NAME)).exists();
    }

    private RestoreRequest atLeast(String lsn) {
        RestoreRequest latest = RestoreRequest.latest(target);
        return new RestoreRequest(
                target,
                latest.target(),
                Inclusion.INCLUSIVE,
                Action.PAUSE,
                Lineage.COPY,
                null,
                Lsn.parse(lsn),
                null,
                null,
                Map.of());
    }

    private RestoreRequest backup(Header header) {
        return new RestoreRequest(
                target,
                new RecoveryTarget.Latest(),
                Inclusion.INCLUSIVE,
                Action.PAUSE,
                Lineage.COPY,
                null,
                null,
                header.label(),
                null,
                Map.of());
    }

    private RestoreRequest at(String time) {
        return RestoreRequest.latest(target).withTarget(new RecoveryTarget.Time(TargetTime.parse(time)));
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private RestorePlan plan(RestoreRequest request) {
        return Running.plan(repository, request);
    }

    private static void run(RestorePlan plan) {
        Running.run(plan);
    }
}
