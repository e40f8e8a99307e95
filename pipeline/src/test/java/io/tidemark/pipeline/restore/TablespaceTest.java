package io.tidemark.pipeline.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.pipeline.catalog.manifest.BackupOrigin;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.restore.RestoreRequest.Action;
import io.tidemark.pipeline.restore.RestoreRequest.Inclusion;
import io.tidemark.pipeline.restore.RestoreRequest.Lineage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Row R7: tablespaces, and pg_wal outside the data directory, where they were or where they are mapped to. */
final class TablespaceTest {
    private static final String VERSION = "PG_17_202406281";

    private final TestRepository repository = new TestRepository();

    @TempDir
    private Path scratch;

    private Path target;
    private Path origin;

    @BeforeEach
    void places() throws IOException {
        scratch = scratch.toRealPath();
        target = scratch.resolve("data");
        origin = scratch.resolve("ts one");
    }

    @AfterEach
    void wipe() {
        repository.keyring().close();
    }

    @Test
    void r7_tablespace_goesWhereItWas() throws IOException {
        stopped(origin).store(repository);

        Running.run(Running.plan(repository, RestoreRequest.latest(target)));

        assertThat(Files.readSymbolicLink(target.resolve("pg_tblspc/16400"))).isEqualTo(origin);
        assertThat(origin.resolve(VERSION + "/5/16401")).hasContent("rows");
        assertThat(origin).isDirectoryContaining("glob:**" + VERSION);
        assertThat(origin.resolve(RestoreMarker.NAME)).doesNotExist();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(origin)))
                .isEqualTo("rwx------");
    }

    @Test
    void r7_mappedTablespace_goesElsewhereAndTheOriginIsNotTouched() throws IOException {
        Files.createDirectory(origin);
        Files.writeString(origin.resolve("in use"), "x");
        Path moved = scratch.resolve("moved");
        stopped(origin).store(repository);

        Running.run(Running.plan(repository, mapped(Map.of(origin, moved))));

        assertThat(moved.resolve(VERSION + "/5/16401")).hasContent("rows");
        assertThat(Files.readSymbolicLink(target.resolve("pg_tblspc/16400"))).isEqualTo(moved);
        assertThat(origin).isDirectoryContaining("glob:**in use").isDirectoryNotContaining("glob:**PG_*");
    }

    @Test
    void r7_tablespaceInUseAtItsPlace_isRefusedWithTheWayOut() throws IOException {
        Files.createDirectory(origin);
        Files.writeString(origin.resolve("in use"), "x");
        stopped(origin).store(repository);

        assertThatThrownBy(() -> Running.plan(repository, RestoreRequest.latest(target)))
                .isInstanceOf(RefusedForSafety.class)
                .hasMessageContaining("not empty");
        assertThat(target).doesNotExist();
    }

    @Test
    void t45_tablespaceInsideTheDataDirectory_isRefused() {
        stopped(target.resolve("inside")).store(repository);

        assertThatThrownBy(() -> Running.plan(repository, RestoreRequest.latest(target)))
                .isInstanceOf(RefusedForSafety.class)
                .hasMessageContaining("not outside the data directory");
        assertThatThrownBy(() -> Running.plan(
                        repository, mapped(Map.of(target.resolve("inside"), target.resolve("base/../there")))))
                .isInstanceOf(RefusedForSafety.class);
    }

    @Test
    void t45_tablespaceAboveTheDataDirectoryOrInAnother_isRefused() {
        stopped(origin).store(repository);

        assertThatThrownBy(() -> Running.plan(repository, mapped(Map.of(origin, scratch))))
                .isInstanceOf(RefusedForSafety.class);

        repository.store().names().forEach(repository.store()::uproot);
        stopped(origin).tablespace(16500, origin.resolve("nested")).store(repository);
        assertThatThrownBy(() -> Running.plan(repository, RestoreRequest.latest(target)))
                .isInstanceOf(RefusedForSafety.class);
    }

    @Test
    void t45_placeBehindALink_isResolvedOnce() throws IOException {
        Path real = Files.createDirectory(scratch.resolve("real"));
        Path way = Files.createSymbolicLink(scratch.resolve("way"), real);
        stopped(origin).store(repository);

        Running.run(Running.plan(repository, mapped(Map.of(origin, way.resolve("ts")))));

        assertThat(Files.readSymbolicLink(target.resolve("pg_tblspc/16400"))).isEqualTo(real.resolve("ts"));
    }

    @Test
    void t45_placeBehindALoop_isRefused() throws IOException {
        Path loop = scratch.resolve("loop");
        Files.createSymbolicLink(loop, loop);
        stopped(origin).store(repository);

        assertThatThrownBy(() -> Running.plan(repository, mapped(Map.of(origin, loop))))
                .isInstanceOf(RefusedForSafety.class);
    }

    @Test
    void t45_placeWithoutAParent_isRefused() {
        stopped(Path.of("/nowhere/at/all")).store(repository);

        assertThatThrownBy(() -> Running.plan(repository, RestoreRequest.latest(target)))
                .isInstanceOf(RefusedForSafety.class)
                .hasMessageContaining("parent is no directory");
    }

    @Test
    void t44_tablespaceMap_saysWhereTheTablespaceIsNow() throws IOException {
        Path moved = scratch.resolve("mo\\ved");
        online(origin, "16400 " + origin + "\n").store(repository);
        repository.wal(1, 3, 3);

        Running.run(Running.plan(repository, mapped(Map.of(origin, moved))));

        assertThat(Files.readString(target.resolve("tablespace_map"))).isEqualTo("16400 " + scratch + "/mo\\\\ved\n");
    }

    @Test
    void mapping_ofWhatTheBackupDoesNotHave_isRefused() {
        stopped(origin).store(repository);

        assertThatThrownBy(() -> Running.plan(repository, mapped(Map.of(Path.of("/typo"), scratch.resolve("x")))))
                .isInstanceOf(UsageError.class)
                .hasMessageContaining("/typo");
    }

    @Test
    void outsideWal_isMadeAgainAndMayBeMapped() throws IOException {
        Path wal = scratch.resolve("wal");
        stopped(origin)
                .without("pg_wal/000000010000000000000003")
                .without("pg_wal")
                .link("pg_wal", scratch.resolve("old-wal"))
                .directory("pg_wal/archive_status")
                .zeros("pg_wal/000000010000000000000003", 16 << 20)
                .store(repository);

        Running.run(Running.plan(repository, mapped(Map.of(scratch.resolve("old-wal"), wal))));

        assertThat(Files.readSymbolicLink(target.resolve("pg_wal"))).isEqualTo(wal);
        assertThat(wal.resolve("000000010000000000000003")).hasSize(16 << 20);
        assertThat(wal.resolve("archive_status")).isDirectory();
    }

    private RestoreRequest mapped(Map<Path, Path> locations) {
        return new RestoreRequest(
                target,
                new RecoveryTarget.Latest(),
                Inclusion.INCLUSIVE,
                Action.PAUSE,
                Lineage.COPY,
                null,
                null,
                null,
                null,
                locations);
    }

    private static TestBackup stopped(Path location) {
        return files(
                Backups.header("20261127T020000Z-0a1b2c", 1, "0/3000028", "0/30000A0", "2026-11-27T02:00:00Z"),
                location);
    }

    private static TestBackup online(Path location, String map) {
        Header header = Backups.header(
                "20261127T020000Z-0a1b2c",
                1,
                "0/3000028",
                "0/30000A0",
                "2026-11-27T02:00:00Z",
                BackupOrigin.PRIMARY,
                "START WAL LOCATION: 0/3000028",
                map);
        return files(header, location);
    }

    private static TestBackup files(Header header, Path location) {
        return TestBackup.ofDirectory(header)
                .zeros("pg_wal/000000010000000000000003", 16 << 20)
                .tablespace(16400, location)
                .directory("pg_tblspc/16400/" + VERSION)
                .directory("pg_tblspc/16400/" + VERSION + "/5")
                .file("pg_tblspc/16400/" + VERSION + "/5/16401", "rows");
    }
}
