package io.tidemark.pipeline.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.pipeline.catalog.manifest.ChunkReference;
import io.tidemark.pipeline.catalog.manifest.FilePath;
import io.tidemark.pipeline.catalog.manifest.Layout;
import io.tidemark.pipeline.catalog.manifest.LayoutChunk;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import io.tidemark.pipeline.config.FailureKind;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.config.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Insider: whoever has the sealing key writes a manifest with hostile content. Each ends in exit 4 (or 8 where only the place is at
 * fault), with nothing written outside the directory, and nothing that PostgreSQL could start.
 */
final class InsiderTest {
    private static final Header STOPPED =
            Backups.header("20261127T020000Z-0a1b2c", 1, "0/3000028", "0/30000A0", "2026-11-27T02:00:00Z");

    private final TestRepository repository = new TestRepository();

    @TempDir
    private Path scratch;

    private Path target;
    private Path outside;

    @BeforeEach
    void places() throws IOException {
        target = scratch.resolve("data");
        outside = Files.createDirectory(scratch.resolve("outside"));
    }

    @AfterEach
    void nothingOutside() throws IOException {
        try (Stream<Path> entries = Files.walk(outside)) {
            assertThat(entries.filter(entry -> !entry.equals(outside)))
                    .as("written outside")
                    .isEmpty();
        }
        try (Stream<Path> entries = Files.list(scratch)) {
            assertThat(entries).as("beside the directory").isSubsetOf(target, outside);
        }
        assertThat(target.resolve("global/pg_control")).doesNotExist();
        repository.keyring().close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/passwd",
                "../outside/x",
                "base/../../outside/x",
                "base/5/..",
                "./x",
                "base//x",
                "base/5/",
                "",
                "base/%00x",
                "%2e%2e/x",
                "..%2foutside%2fx",
                "%",
                "%zz",
                "x/y"
            })
    void path_thatIsNoneBelowTheDirectory_isRefused(String path) {
        TestBackup backup = sound().file("base/5/victim", "x");

        refused(() ->
                backup.storeForged(repository, replacing("\"path\":\"base/5/victim\"", "\"path\":\"" + path + "\"")));
        assertThat(target).doesNotExist();
    }

    @Test
    void path_ofMoreThanFourThousandBytes_isRefused() {
        TestBackup backup = sound().file("base/5/victim", "x");

        refused(() -> backup.storeForged(repository, replacing("base/5/victim", "base/5/" + "v".repeat(4090))));
    }

    @Test
    void path_thatIsThereTwice_isRefused() {
        refused(() -> sound().storeForged(repository, lines -> doubled(lines, "\"path\":\"PG_VERSION\"")));
    }

    @Test
    void path_thatIsBothLinkAndDirectory_isRefused() {
        TestBackup backup = sound().link("base/5/way", outside);

        refused(() -> backup.storeForged(repository, lines -> {
            List<String> changed = new ArrayList<>(lines);
            int link = indexOf(lines, "base/5/way");
            changed.add(
                    link + 1,
                    "{\"line\":\"file\",\"path\":\"base/5/way\",\"kind\":\"directory\",\"mode\":\"0700\",\"mtime\":\"2026-11-27T01:59:58.123456Z\"}\n");
            return changed;
        }));
    }

    @Test
    void path_throughALinkOfTheManifest_isRefused() {
        TestBackup backup = sound().link("base/5/way", outside).file("base/5/way-x", "x");

        refused(() -> backup.storeForged(repository, replacing("base/5/way-x", "base/5/way/x")));
    }

    @Test
    void link_thatLeadsOut_isNotMade() {
        sound().link("base/5/way", outside).store(repository);

        RestorePlan plan = Running.plan(repository, RestoreRequest.latest(target));
        Running.run(plan);

        assertThat(target.resolve("base/5/way")).doesNotExist();
        assertThat(plan.notes()).anyMatch(note -> note.contains("base/5/way"));
        removeControl();
    }

    @ParameterizedTest
    @ValueSource(strings = {"device", "fifo", "socket", "hardlink"})
    void entry_ofAnotherKind_isRefused(String kind) {
        TestBackup backup = sound().directory("base/5/victim");

        refused(() -> backup.storeForged(
                repository,
                lines -> lines.stream()
                        .map(line -> line.contains("victim")
                                ? line.replace("\"kind\":\"directory\"", "\"kind\":\"" + kind + "\"")
                                : line)
                        .toList()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "9223372036854775808", "1e3", "1.5", "\"1\"", "null", "9223372036854775807"})
    void size_thatIsNone_isRefused(String size) {
        TestBackup backup = sound().file("base/5/victim", "x");

        refused(() -> backup.storeForged(
                repository,
                lines -> lines.stream()
                        .map(line ->
                                line.contains("victim") ? line.replace("\"size\":1,", "\"size\":" + size + ",") : line)
                        .toList()));
    }

    @Test
    void size_thatTheLayoutDoesNotHave_isRefusedWhenTheFileIsMade() {
        TestBackup backup = sound();
        backup.add(backup.stored("base/5/victim", 2, backup.chunk(layout("[[1,0,12,1]]"))));
        backup.store(repository);

        refusedInTheRun();
    }

    @Test
    void chunk_thatExpandsToOneByteMore_isRefused() {
        TestBackup backup = sound();
        ChunkReference chunk = backup.chunk(TestRepository.frame(new byte[101]), 100);
        backup.file("base/5/victim", 100, Layout.inOrder(List.of(new LayoutChunk.Stored(chunk)), null));
        backup.store(repository);

        refusedInTheRun();
    }

    @Test
    void chunk_thatExpandsToOneByteLess_isRefused() {
        TestBackup backup = sound();
        ChunkReference chunk = backup.chunk(TestRepository.frame(new byte[99]), 100);
        backup.file("base/5/victim", 100, Layout.inOrder(List.of(new LayoutChunk.Stored(chunk)), null));
        backup.store(repository);

        refusedInTheRun();
    }

    @Test
    void chunk_thatIsABomb_isRefusedBeforeMemoryIsTaken() {
        TestBackup backup = sound();
        ChunkReference chunk = backup.chunk(TestRepository.frame(new byte[32 << 20]), 1000);
        backup.file("base/5/victim", 1000, Layout.inOrder(List.of(new LayoutChunk.Stored(chunk)), null));
        backup.store(repository);

        refusedInTheRun();
    }

    @Test
    void chunk_thatIsTwoFrames_isRefused() {
        TestBackup backup = sound();
        byte[] half = TestRepository.frame(new byte[50]);
        byte[] two = new byte[half.length * 2];
        System.arraycopy(half, 0, two, 0, half.length);
        System.arraycopy(half, 0, two, half.length, half.length);
        ChunkReference chunk = backup.chunk(two, 100);
        backup.file("base/5/victim", 100, Layout.inOrder(List.of(new LayoutChunk.Stored(chunk)), null));
        backup.store(repository);

        refusedInTheRun();
    }

    @Test
    void chunk_thatIsNoFrame_isRefused() {
        TestBackup backup = sound();
        ChunkReference chunk = backup.chunk(Bytes.random(60, 5), 100);
        backup.file("base/5/victim", 100, Layout.inOrder(List.of(new LayoutChunk.Stored(chunk)), null));
        backup.store(repository);

        refusedInTheRun();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[[1,0,12,1]],\"chunks\":[[1,0,12,1]]", // a field twice
                "[[2,0,12,1]]", // a pack that the manifest does not name
                "[[0,0,12,1]]",
                "[[1,-1,12,1]]",
                "[[1,0,-5,1]]",
                "[[1,0,12,-1]]",
                "[[1,9000000000000,12,1]]", // beyond the pack
                "[[1,0,2000000,1048577]]", // more than a chunk may have
                "[[null,-7]]",
                "[[null,9223372036854775807],[null,9223372036854775807]]", // a sum that overflows
                "[[null,1]],\"map\":[[0,1,0,0]]", // a map of pages that there are not
                "[[null,1]],\"map\":[[0,1,7,0]]",
                "[[null,1]],\"map\":[[0,9223372036854775807,0,0],[1,9223372036854775807,0,0]]",
                "[[null,1]],\"zeros\":[[5,5]]",
                "[[null,1]],\"pages\":\"AAAAAAAAAAA=\"",
                "[[null,1]],\"layout\":[1,0,12,1]", // a layout of a layout
                "[[null,1]",
                "{}"
            })
    void layout_thatIsNone_isRefused(String chunks) {
        TestBackup backup = sound();
        backup.add(backup.stored("base/5/victim", 1, backup.chunk(layout(chunks))));
        backup.store(repository);

        refusedInTheRun();
    }

    @Test
    void layout_inAPackThatIsNotNamed_isRefused() {
        TestBackup backup = sound().file("base/5/victim", "x");

        refused(() -> backup.storeForged(
                repository,
                lines -> lines.stream()
                        .map(line -> line.contains("victim") ? line.replace("\"layout\":[1,", "\"layout\":[9,") : line)
                        .toList()));
    }

    @Test
    void line_thatIsOverlong_isRefused() {
        byte[] endless = new byte[(64 << 20) + 1];
        java.util.Arrays.fill(endless, (byte) 'x');

        refused(() -> repository.putManifest(STOPPED.label(), endless));
    }

    @Test
    void directory_thatIsNoDirectoryOfACluster_isRefused() {
        refused(() -> sound().without("global/pg_control").store(repository));
    }

    @Test
    void name_ofOurOwnMarker_isNotRestored() {
        sound().file("tidemark.restore", "x").file("RECOVERY.signal", "x").store(repository);

        Running.run(Running.plan(repository, RestoreRequest.latest(target)));

        assertThat(target.resolve("tidemark.restore")).doesNotExist();
        assertThat(target.resolve("RECOVERY.signal")).doesNotExist();
        removeControl();
    }

    @Test
    void tablespace_withAFileThatIsNotPostgres_isRefused() {
        Path location = outside.resolve(".ssh");

        refused(() -> sound().tablespace(16400, location)
                .file("pg_tblspc/16400/authorized_keys", "ssh-rsa …")
                .store(repository));
        refusedNext(() -> {
            repository.store().names().forEach(repository.store()::uproot);
            sound().tablespace(16400, location)
                    .directory("pg_tblspc/16400/PG_17_202406281")
                    .directory("pg_tblspc/16400/PG_16_202307071")
                    .store(repository);
        });
    }

    @Test
    void walDirectory_withAFileThatIsNotPostgres_isRefused() {
        TestBackup backup = sound().without("pg_wal/000000010000000000000003").without("pg_wal");

        refused(() -> backup.link("pg_wal", outside.resolve("cron.d"))
                .file("pg_wal/job", "* * * * * root x")
                .store(repository));
    }

    @Test
    void tablespaceMap_withATablespaceOfItsOwn_isRefused() {
        Header header = Backups.header(
                "20261127T020000Z-0a1b2c",
                1,
                "0/3000028",
                "0/30000A0",
                "2026-11-27T02:00:00Z",
                io.tidemark.pipeline.catalog.manifest.BackupOrigin.PRIMARY,
                "START WAL LOCATION: 0/3000028",
                "16400 " + outside + "\n");

        repository.wal(1, 3, 3);
        refused(() -> TestBackup.ofDirectory(header).store(repository));
    }

    @Test
    void tablespace_atAPlaceThatIsNotEmpty_isRefused() throws IOException {
        Path etc = Files.createDirectory(scratch.resolve("data.d"));
        Files.writeString(etc.resolve("passwd"), "root");
        sound().tablespace(16400, etc).store(repository);

        assertThatThrownBy(() -> Running.plan(repository, RestoreRequest.latest(target)))
                .isInstanceOf(RefusedForSafety.class)
                .hasMessageContaining("not empty");
        Files.delete(etc.resolve("passwd"));
        Files.delete(etc);
    }

    /** Not by the manifest, but by somebody on the host: what stands on the way is not followed. */
    @Test
    void directory_thatBecomesALinkWhileFilesAreWritten_isNotFollowed() throws IOException {
        Files.createDirectory(target);
        Files.createSymbolicLink(target.resolve("base"), outside);
        SafeDirectory directory = new SafeDirectory(target, TargetDirectory.Start.AGAIN);

        assertThatThrownBy(() -> directory.write(FilePath.of("base/x"), new byte[1]))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> directory.createDirectory(FilePath.of("base/x")))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> directory.createLink(FilePath.of("base/x"), outside))
                .isInstanceOf(IOException.class);
        Files.createSymbolicLink(target.resolve("file"), outside.resolve("made"));
        assertThatThrownBy(() -> directory.write(FilePath.of("file"), new byte[1]))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> directory.createDirectory(FilePath.of("file"))).isInstanceOf(IOException.class);
    }

    private static TestBackup sound() {
        return TestBackup.ofDirectory(STOPPED).zeros("pg_wal/000000010000000000000003", 16 << 20);
    }

    private static byte[] layout(String chunks) {
        return ("{\"chunks\":" + chunks + "}\n").getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private static UnaryOperator<List<String>> replacing(String what, String by) {
        return lines -> lines.stream().map(line -> line.replace(what, by)).toList();
    }

    private static List<String> doubled(List<String> lines, String what) {
        List<String> changed = new ArrayList<>(lines);
        changed.add(indexOf(lines, what), lines.get(indexOf(lines, what)));
        return changed;
    }

    private static int indexOf(List<String> lines, String what) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(what)) {
                return i;
            }
        }
        throw new AssertionError("no line with " + what);
    }

    /** The plan itself is refused. */
    private void refused(Runnable store) {
        store.run();
        assertThatThrownBy(() -> Running.plan(repository, RestoreRequest.latest(target)))
                .isInstanceOf(TidemarkException.class)
                .satisfies(e -> assertThat(((TidemarkException) e).kind()).isEqualTo(FailureKind.INTEGRITY));
        assertThat(target).doesNotExist();
    }

    private void refusedNext(Runnable store) {
        refused(store);
    }

    /** What only the content shows is refused when it is fetched: the directory stays unfinished. */
    private void refusedInTheRun() {
        RestorePlan plan = Running.plan(repository, RestoreRequest.latest(target));

        assertThatThrownBy(() -> Running.run(plan)).isInstanceOf(IntegrityFailed.class);

        assertThat(target.resolve(RestoreMarker.NAME)).exists();
    }

    private void removeControl() {
        try {
            Files.delete(target.resolve("global/pg_control"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
