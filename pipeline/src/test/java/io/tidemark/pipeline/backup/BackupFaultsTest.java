package io.tidemark.pipeline.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.netty.buffer.Unpooled;
import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.Facts;
import io.tidemark.pipeline.catalog.Node;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.PutReceipt;
import io.tidemark.pipeline.catalog.SealedBody;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Abandoned;
import io.tidemark.pipeline.catalog.manifest.ManifestLineWriter;
import io.tidemark.pipeline.catalog.manifest.ManifestWriter;
import io.tidemark.pipeline.config.Busy;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.config.Requirement;
import io.tidemark.pipeline.config.StoreFailed;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.stage.Compress;
import io.tidemark.sinks.StoreFull;
import io.tidemark.sinks.StoreUnavailable;
import io.tidemark.sinks.testing.Fault;
import io.tidemark.sinks.testing.FaultyStore;
import io.tidemark.sinks.testing.MeddlingStore;
import io.tidemark.sinks.testing.MemoryStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** What goes wrong while a backup runs: there is a whole backup afterwards, or none (invariant 7). */
final class BackupFaultsTest {
    private static final StoreUnavailable DOWN = new StoreUnavailable("reset by peer", null);

    private BackupBench bench;
    private @Nullable Process server;

    @BeforeEach
    void open(@TempDir Path scratch) throws IOException {
        bench = new BackupBench(scratch);
    }

    @AfterEach
    void close() {
        stopServer();
        bench.close();
    }

    @Test
    void run_killedAtAnyPut_isNoBackupAndARerunIsOne() {
        int puts = putsOfAWholeBackup();
        MemoryStore memory = new MemoryStore();

        for (int n = 1; n <= puts; n++) {
            FaultyStore failing = FaultyStore.of(memory, Fault.put().from(n).fails(DOWN));
            Shelf shelf = new Shelf("local", failing, Schedulers.immediate());
            DirectoryBackup backup = bench.backupTo(shelf, Requirement.REQUIRED);
            assertThatThrownBy(() -> backup.run(bench.cluster.root()).block())
                    .as("put %d of %d fails", n, puts)
                    .isInstanceOf(StoreUnavailable.class);
            assertThat(shelf.manifests()).as("after put %d", n).isEmpty();
            shelf.close();
        }
        Shelf shelf = bench.shelf("local", memory, Requirement.REQUIRED);
        BackupResult result = bench.run();

        assertThat(shelf.manifests()).hasSize(1);
        assertThat(shelf.files(result.header().label())).containsKey("PG_VERSION");
    }

    @Test
    void run_whoseEveryAnswerIsLostOnce_isWhole() {
        FaultyStore store = FaultyStore.of(
                new MemoryStore(),
                Fault.put().named("intent").nth(1).losesItsAnswer(DOWN),
                Fault.put().named("pack").nth(1).losesItsAnswer(DOWN),
                Fault.put().named("manifest").nth(1).losesItsAnswer(DOWN));
        Shelf shelf = bench.shelf("local", store, Requirement.REQUIRED);

        BackupResult result = bench.run();

        assertThat(shelf.files(result.header().label())).containsKey("PG_VERSION");
    }

    @ParameterizedTest
    @ValueSource(strings = {"intent", "pack/01", "pack/03", "manifest"})
    void t111_aStoreThatIsFull_endsTheBackupWithoutManifest(String where) {
        FaultyStore store = FaultyStore.of(
                new MemoryStore(), Fault.put().named(where).cutAfter(30, new StoreFull("no space left", null)));
        Shelf shelf = bench.shelf("local", store, Requirement.REQUIRED);

        assertThatThrownBy(() -> bench.run()).isInstanceOf(StoreFull.class);

        assertThat(shelf.manifests()).isEmpty();
    }

    @Test
    void t111_noRoomForSorting_endsTheBackupWithoutManifest() {
        Shelf shelf = bench.shelf();
        bench.settings = new BackupSettings(3, 4, 512 << 10, 2_000, bench.scratch("nowhere"), "tidemark test");

        assertThatThrownBy(() -> bench.run()).isInstanceOf(StoreFailed.class).hasMessageContaining("sorting");

        assertThat(shelf.manifests()).isEmpty();
    }

    @Test
    void run_withAnOptionalRepositoryThatFails_goesOnInTheOthersAndSaysSo() {
        Shelf required = bench.shelf();
        Shelf optional = bench.shelf(
                "paris",
                FaultyStore.of(new MemoryStore(), Fault.put().named("pack/02").fails(DOWN)),
                Requirement.OPTIONAL);

        BackupResult result = bench.run();

        assertThat(result.repositories()).containsExactly("local");
        assertThat(result.dropped()).isEqualTo(Map.of("paris", "reset by peer"));
        assertThat(required.manifests()).hasSize(1);
        assertThat(optional.manifests())
                .as("closed under reference: no manifest without its packs")
                .isEmpty();
    }

    @Test
    void run_toTwoRepositories_isWholeInEach() {
        Shelf one = bench.shelf();
        Shelf two = bench.shelf("paris", new MemoryStore(), Requirement.OPTIONAL);

        BackupResult result = bench.run();

        BackupLabel label = result.header().label();
        assertThat(result.dropped()).isEmpty();
        assertThat(one.manifest(label)).isEqualTo(two.manifest(label));
        for (Shelf shelf : new Shelf[] {one, two}) {
            assertThat(shelf.content(label, shelf.file(label, "postgresql.conf")))
                    .hasSize(12);
        }
    }

    @Test
    void run_whereNoRequiredRepositoryIsLeft_fails() {
        bench.shelf(
                "a",
                FaultyStore.of(new MemoryStore(), Fault.put().named("intent").fails(DOWN)),
                Requirement.OPTIONAL);
        bench.shelf(
                "b",
                FaultyStore.of(new MemoryStore(), Fault.put().named("manifest").fails(DOWN)),
                Requirement.OPTIONAL);

        assertThatThrownBy(() -> bench.run()).isInstanceOf(StoreUnavailable.class);
    }

    @Test
    void run_thatWasDeclaredAbandoned_isBusyAndPublishesNothing() {
        MemoryStore memory = new MemoryStore();
        MeddlingStore[] store = new MeddlingStore[1];
        Shelf[] shelf = new Shelf[1];
        store[0] = new MeddlingStore(memory, "/manifest", () -> abandon(shelf[0]));
        shelf[0] = bench.shelf("local", store[0], Requirement.REQUIRED);

        assertThatThrownBy(() -> bench.run()).isInstanceOf(Busy.class).hasMessageContaining("abandoned");

        assertThat(shelf[0].manifests()).hasSize(1);
    }

    @Test
    void run_cancelledMidway_leavesNoBufferAndNoTemporaryFile() throws IOException {
        CompletableFuture<Void> midway = new CompletableFuture<>();
        bench.shelf(
                "local",
                new MeddlingStore(
                        FaultyStore.of(
                                new MemoryStore(), Fault.put().named("pack/02").hangs()),
                        "pack/02",
                        () -> midway.complete(null)),
                Requirement.REQUIRED);

        StepVerifier.create(bench.backup().run(bench.cluster.root()).takeUntilOther(Mono.fromFuture(midway)))
                .verifyComplete();

        try (Stream<Path> left = Files.list(bench.scratch(""))) {
            assertThat(left.map(path -> path.getFileName().toString())).containsExactly("data");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"touched", "longer", "shorter", "gone", "new", "control", "started", "running"})
    void run_whoseSourceChanges_failsWithoutManifest(String change) {
        String last = String.format(Locale.ROOT, "pack/%02d", putsOfAWholeBackup() - 2);
        // when the last pack is put all has been read; a file touched before it is read is simply read as it is then
        for (String when : change.equals("touched") ? List.of(last) : List.of("pack/01", last)) {
            Shelf shelf = new Shelf(
                    "local", new MeddlingStore(new MemoryStore(), when, () -> meddle(change)), Schedulers.immediate());
            DirectoryBackup backup = bench.backupTo(shelf, Requirement.REQUIRED);

            assertThatThrownBy(() -> backup.run(bench.cluster.root()).block())
                    .as("%s at %s", change, when)
                    .isInstanceOf(RefusedForSafety.class);
            assertThat(shelf.manifests()).isEmpty();
            shelf.close();
            restoreSource();
        }
    }

    @Test
    void run_whoseFileCannotBeRead_namesIt() throws IOException {
        bench.shelf();
        Files.setPosixFilePermissions(bench.cluster.path("base/5/16432"), Set.of());
        assumeFalse(Files.isReadable(bench.cluster.path("base/5/16432")), "root reads everything");

        assertThatThrownBy(() -> bench.run()).isInstanceOf(UsageError.class).hasMessageContaining("base/5/16432");
    }

    @Test
    void t42_missingOrShortWal_isRefusedBeforeAnythingIsStored() throws IOException {
        Shelf shelf = bench.shelf();
        Path segment = bench.cluster.path("pg_wal/" + bench.cluster.lastSegment());
        byte[] whole = Files.readAllBytes(segment);
        Files.write(segment, Arrays.copyOf(whole, whole.length - 1));
        assertThatThrownBy(() -> bench.run())
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining(bench.cluster.lastSegment());
        Files.delete(segment);

        assertThatThrownBy(() -> bench.run())
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining(bench.cluster.lastSegment());

        assertThat(shelf.names()).isEmpty();
    }

    private void meddle(String change) throws IOException {
        Path file = bench.cluster.path("base/5/16432");
        switch (change) {
            case "touched" -> Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
            case "longer" -> Files.write(file, new byte[8192], StandardOpenOption.APPEND);
            case "shorter" -> Files.write(file, new byte[8192]);
            case "gone" -> Files.delete(file);
            case "new" -> bench.cluster.write("base/5/77777", new byte[8192]);
            case "control" -> bench.cluster.control(1, Lsn.parse("0/1100000"), 0, 0);
            case "started" -> bench.cluster.control(6);
            case "running" -> {
                server = new ProcessBuilder("sleep", "600")
                        .directory(bench.cluster.root().toFile())
                        .start();
                bench.cluster.write("postmaster.pid", (server.pid() + "\n").getBytes(StandardCharsets.US_ASCII));
            }
            default -> throw new IllegalStateException(change);
        }
    }

    private void stopServer() {
        if (server != null) {
            server.destroyForcibly();
        }
    }

    private void restoreSource() {
        stopServer();
        try {
            Files.deleteIfExists(bench.cluster.path("postmaster.pid"));
            Files.deleteIfExists(bench.cluster.path("base/5/77777"));
            bench.cluster.relation("base/5/16432", 0, 200);
            bench.cluster.control(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void abandon(Shelf shelf) {
        BackupLabel label = new BackupLabel(shelf.names().get(0).split("/")[2]);
        ManifestWriter writer = new ManifestWriter();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes(writer.line(new Abandoned(label, new Node("other"))));
        text.writeBytes(ManifestLineWriter.write(writer.footer()));
        byte[] content = text.toByteArray();
        PutReceipt receipt = shelf.objects()
                .put(
                        ObjectNames.manifest(Shelf.SYSTEM, label),
                        SealedBody.ofFile(
                                () -> Flux.just(Unpooled.wrappedBuffer(content)),
                                digest -> Facts.of("manifest", digest, BackupBench.NOW, "other")
                                        .with("backup", "abandoned"),
                                new Compress(3, Schedulers.immediate())))
                .block();
        assertThat(receipt).isInstanceOf(PutReceipt.Stored.class);
    }

    private int putsOfAWholeBackup() {
        Shelf shelf = new Shelf("count", new MemoryStore(), Schedulers.immediate());
        assertThat(bench.backupTo(shelf, Requirement.REQUIRED)
                        .run(bench.cluster.root())
                        .block())
                .isNotNull();
        int puts = shelf.names().size();
        shelf.close();
        assertThat(puts).isGreaterThan(4);
        return puts;
    }
}
