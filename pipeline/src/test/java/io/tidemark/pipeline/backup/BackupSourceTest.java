package io.tidemark.pipeline.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.catalog.manifest.FilePath;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredLink;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Tablespace;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.NotInThisVersion;
import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.config.UsageError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which directories are backed up, and what of them. */
final class BackupSourceTest {
    private BackupBench bench;
    private Shelf shelf;

    @BeforeEach
    void open(@TempDir Path scratch) throws IOException {
        bench = new BackupBench(scratch);
        shelf = bench.shelf();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void run_leavesOutWhatPgBasebackupLeavesOut() throws IOException {
        for (String name : List.of(
                "postmaster.opts",
                "base/5/pg_internal.init",
                "global/pg_internal.init.123",
                "base/pgsql_tmp/pgsql_tmp1.0",
                "pg_replslot/slot/state",
                "pg_stat_tmp/db_0.stat",
                "pg_subtrans/0000",
                "pg_notify/0000",
                "pg_serial/0000",
                "pg_snapshots/x",
                "pg_dynshmem/mmap.1",
                "base/5/t3_17001",
                "base/5/t3_17001_fsm",
                "postgresql.auto.conf.tmp",
                "base/5/18000",
                "base/5/18000.1",
                "base/5/18000_vm")) {
            bench.cluster.write(name, new byte[8192]);
        }
        bench.cluster.relation("base/5/18000_init", 0, 1);

        List<String> paths = paths(bench.run());

        assertThat(paths)
                .containsExactlyInAnyOrder(
                        "PG_VERSION",
                        "postgresql.conf",
                        "empty",
                        "base",
                        "base/1",
                        "base/5",
                        "base/1/1259",
                        "base/5/16432",
                        "base/5/16432_fsm",
                        "base/5/18000_init",
                        "global",
                        "global/1262",
                        "global/pg_control",
                        "pg_wal",
                        "pg_wal/archive_status",
                        "pg_wal/summaries",
                        "pg_wal/" + bench.cluster.lastSegment(),
                        "pg_wal/00000001.history",
                        "pg_tblspc",
                        "pg_xact",
                        "pg_xact/0000",
                        "pg_stat_tmp",
                        "pg_replslot",
                        "pg_notify",
                        "pg_subtrans",
                        "pg_dynshmem",
                        "pg_serial",
                        "pg_snapshots",
                        "pg_multixact",
                        "pg_multixact/members");
    }

    @Test
    void run_ofTablespacesAndAnOutsideWal_followsThemOnce() throws IOException {
        bench.cluster.tablespace(16_400, bench.scratch("ts one"));
        Files.move(bench.cluster.path("pg_wal"), bench.scratch("wal"));
        Files.createSymbolicLink(bench.cluster.path("pg_wal"), bench.scratch("wal"));

        BackupResult result = bench.run();

        List<ManifestLine> lines = shelf.manifest(result.header().label());
        assertThat(lines.stream().filter(Tablespace.class::isInstance).map(Object::toString))
                .singleElement()
                .asString()
                .contains("16400", "ts one");
        assertThat(lines.stream()
                        .filter(StoredLink.class::isInstance)
                        .map(line -> ((StoredLink) line).path().toString()))
                .containsExactly("pg_tblspc/16400", "pg_wal");
        assertThat(paths(result))
                .contains("pg_tblspc/16400/PG_17_202406281/5/17000", "pg_wal/" + bench.cluster.lastSegment());
        assertThat(shelf.content(
                        result.header().label(),
                        shelf.file(result.header().label(), "pg_tblspc/16400/PG_17_202406281/5/17000")))
                .isEqualTo(Files.readAllBytes(bench.scratch("ts one").resolve("PG_17_202406281/5/17000")));
    }

    @Test
    void t45_aTablespaceInsideTheDataDirectory_isThereOnce() throws IOException {
        bench.cluster.tablespace(16_400, bench.cluster.path("inside"));

        BackupResult result = bench.run();

        assertThat(paths(result)).contains("inside", "pg_tblspc/16400/PG_17_202406281/5/17000");
        assertThat(paths(result)).noneMatch(path -> path.startsWith("inside/"));
        Tablespace line = (Tablespace) shelf.manifest(result.header().label()).stream()
                .filter(Tablespace.class::isInstance)
                .findFirst()
                .orElseThrow();
        assertThat(line.inside()).isEqualTo(FilePath.of("inside"));
    }

    @Test
    void t45_aLinkToALink_isResolvedOnce() throws IOException {
        Files.createDirectories(bench.scratch("real"));
        Files.createSymbolicLink(bench.scratch("hop"), bench.scratch("real"));
        Files.createSymbolicLink(bench.cluster.path("pg_tblspc/16400"), bench.scratch("hop"));
        bench.cluster.tablespace(16_400, bench.scratch("real"));

        BackupResult result = bench.run();

        StoredLink link = (StoredLink) shelf.manifest(result.header().label()).stream()
                .filter(StoredLink.class::isInstance)
                .findFirst()
                .orElseThrow();
        assertThat(link.target().toPath()).isEqualTo(bench.scratch("real").toRealPath());
    }

    @Test
    void t45_loopsAndPlacesReachedTwice_areRefused() throws IOException {
        Files.createSymbolicLink(bench.scratch("round"), bench.scratch("about"));
        Files.createSymbolicLink(bench.scratch("about"), bench.scratch("round"));
        Path link = bench.cluster.path("pg_tblspc/16400");
        Files.createSymbolicLink(link, bench.scratch("round"));
        assertThatThrownBy(() -> bench.run())
                .isInstanceOf(RefusedForSafety.class)
                .hasMessageContaining("16400");
        Files.delete(link);
        bench.cluster.tablespace(16_400, bench.scratch("ts"));
        Files.createSymbolicLink(bench.cluster.path("pg_tblspc/16401"), bench.scratch("ts"));
        assertThatThrownBy(() -> bench.run())
                .isInstanceOf(RefusedForSafety.class)
                .hasMessageContaining("16401");
        Files.delete(bench.cluster.path("pg_tblspc/16401"));
        Files.createSymbolicLink(bench.cluster.path("pg_tblspc/16402"), bench.scratch("gone"));

        assertThatThrownBy(() -> bench.run())
                .isInstanceOf(RefusedForSafety.class)
                .hasMessageContaining("16402");

        assertThat(shelf.names()).isEmpty();
    }

    @Test
    void t118_oddNames_areInTheBackupByteForByte() throws IOException {
        for (FilePath odd : List.of(
                FilePath.of("a b'\"\\%41"),
                FilePath.parse("line%0abreak"),
                FilePath.parse("tab%09%7f"),
                FilePath.of("ümlaut"),
                FilePath.parse("invalid%ff%c3"))) {
            Files.write(odd.under(bench.cluster.root()), odd.bytes());
        }

        BackupResult result = bench.run();

        for (String name : List.of("a b'\"\\%2541", "line%0abreak", "tab%09%7f", "ümlaut", "invalid%ff%c3")) {
            assertThat(shelf.content(
                            result.header().label(), shelf.file(result.header().label(), name)))
                    .as(name)
                    .isEqualTo(FilePath.parse(name).bytes());
        }
    }

    @Test
    void t119_aDataDirectoryBehindALink_isItself() throws IOException {
        Files.createSymbolicLink(bench.scratch("link"), bench.cluster.root());

        BackupResult result =
                bench.backup().run(bench.scratch("link")).blockOptional().orElseThrow();

        assertThat(paths(result)).contains("base/5/16432");
    }

    @Test
    void t119_anUnfitWal_isRefused() throws IOException {
        Files.move(bench.cluster.path("pg_wal"), bench.cluster.path("elsewhere"));
        Files.createSymbolicLink(bench.cluster.path("pg_wal"), bench.cluster.path("elsewhere"));
        assertThatThrownBy(() -> bench.run())
                .isInstanceOf(RefusedForSafety.class)
                .hasMessageContaining("pg_wal");
        Files.delete(bench.cluster.path("pg_wal"));

        assertThatThrownBy(() -> bench.run())
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining("pg_wal");
    }

    @Test
    void run_ofOtherLinksAndSpecialFiles_saysWhatIsNotInTheBackup() throws IOException, InterruptedException {
        Files.createDirectory(bench.scratch("logs"));
        Files.createSymbolicLink(bench.cluster.path("log"), bench.scratch("logs"));
        Process mkfifo = new ProcessBuilder("mkfifo", bench.cluster.path("pipe").toString()).start();
        assertThat(mkfifo.waitFor()).isZero();

        BackupResult result = bench.run();

        assertThat(result.warnings())
                .anyMatch(text -> text.contains("/log "))
                .anyMatch(text -> text.contains("/pipe "));
        assertThat(paths(result)).contains("log").doesNotContain("pipe");
        Files.createSymbolicLink(bench.cluster.path("base/5/link"), bench.scratch("logs"));
        assertThatThrownBy(() -> bench.run())
                .isInstanceOf(RefusedForSafety.class)
                .hasMessageContaining("base/5/link");
    }

    @ParameterizedTest
    @CsvSource({"0", "3", "4", "5", "6"})
    void run_ofADirectoryThatWasNotStoppedCleanly_isRefused(int state) throws IOException {
        bench.cluster.control(state);

        assertThatThrownBy(() -> bench.run())
                .isInstanceOf(RefusedForSafety.class)
                .hasMessageContaining("pg_control");
    }

    @Test
    void run_ofAStandbyThatWasShutDown_takesItsWalUpToTheMinimumRecoveryPoint() throws IOException {
        Lsn redo = Lsn.parse("0/1000028");
        bench.cluster.control(2, redo, Lsn.parse("0/1200100").value(), 1);

        BackupResult result = bench.run();

        assertThat(result.header().start().lsn()).isEqualTo(redo);
        assertThat(result.header().stop().lsn()).hasToString("0/1200100");
        assertThat(paths(result).stream().filter(path -> path.startsWith("pg_wal/0000")))
                .hasSize(4);
    }

    @Test
    void run_whereAServerRuns_isRefusedAndAStalePidFileIsNot() throws IOException {
        bench.cluster.write("postmaster.pid", "999999999\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(paths(bench.run())).doesNotContain("postmaster.pid");
        bench.cluster.write("postmaster.pid", "x\n".getBytes(StandardCharsets.US_ASCII));

        assertThatThrownBy(() -> bench.run()).isInstanceOf(RefusedForSafety.class);
    }

    @Test
    void run_ofWhatIsNoDataDirectory_isAUsageError() throws IOException {
        Files.createDirectory(bench.scratch("nothing"));

        for (String name : List.of("nothing", "missing")) {
            assertThatThrownBy(() -> bench.backup().run(bench.scratch(name)).block())
                    .isInstanceOf(UsageError.class);
        }
    }

    @Test
    void run_ofADamagedControlFile_isRefused() throws IOException {
        byte[] control = Files.readAllBytes(bench.cluster.path("global/pg_control"));
        control[40] ^= 1;
        bench.cluster.write("global/pg_control", control);

        assertThatThrownBy(() -> bench.run())
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining("pg_control");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pg_tde/wal_keys", "pg_tde/5_keys", "pg_tde/1663_keys"})
    void run_wherePgTdeKeepsKeys_isNotInThisVersion(String keys) throws IOException {
        bench.cluster.write("pg_tde/1664_providers", new byte[10]);
        assertThat(paths(bench.run())).contains("pg_tde/1664_providers");
        bench.cluster.write(keys, new byte[320]);

        assertThatThrownBy(() -> bench.run())
                .isInstanceOf(NotInThisVersion.class)
                .hasMessageContaining("pg_tde");
    }

    @Test
    void run_ofACopyThatWasNeverStarted_isRefused() throws IOException {
        bench.cluster.write("backup_label", new byte[1]);

        assertThatThrownBy(() -> bench.run())
                .isInstanceOf(RefusedForSafety.class)
                .hasMessageContaining("backup_label");
    }

    @Test
    void recordEnd_acrossPagesAndSegments_countsTheHeadersBetween() {
        WalSegmentSize size = WalSegmentSize.MIN;

        assertThat(WalSpan.recordEnd(Lsn.parse("0/1100028"), 114, 8192, size)).hasToString("0/11000A0");
        assertThat(WalSpan.recordEnd(Lsn.parse("0/1101F8E").alignedDown(8), 120, 8192, size))
                .hasToString("0/1102000");
        assertThat(WalSpan.recordEnd(Lsn.parse("0/1101FF8"), 114, 8192, size)).hasToString("0/1102088");
        assertThat(WalSpan.recordEnd(Lsn.parse("0/11FFFF8"), 114, 8192, size)).hasToString("0/1200098");
    }

    private List<String> paths(BackupResult result) {
        return shelf.manifest(result.header().label()).stream()
                .filter(ManifestLine.Entry.class::isInstance)
                .map(line -> ((ManifestLine.Entry) line).path().toString())
                .collect(Collectors.toList());
    }
}
