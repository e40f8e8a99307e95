package io.tidemark.pipeline.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.manifest.BackupOrigin;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredFile;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredLink;
import io.tidemark.pipeline.catalog.manifest.PageSpan;
import io.tidemark.pipeline.config.DeadlinePassed;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.NotInThisVersion;
import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.config.Requirement;
import io.tidemark.pipeline.postgres.BaseBackupMessage;
import io.tidemark.pipeline.postgres.BaseBackupMessage.Data;
import io.tidemark.pipeline.postgres.BaseBackupMessage.Noticed;
import io.tidemark.pipeline.postgres.PageChecksum;
import io.tidemark.pipeline.postgres.ServerNotice;
import io.tidemark.sinks.testing.Fault;
import io.tidemark.sinks.testing.FaultyStore;
import io.tidemark.sinks.testing.MemoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What a backup over the replication protocol is made of, and what ends it without a manifest. */
final class OnlineBackupTest {
    private BackupBench bench;
    private ServedCluster served;
    private Shelf shelf;

    @BeforeEach
    void open(@TempDir Path scratch) throws IOException {
        bench = new BackupBench(scratch);
        served = new ServedCluster(bench.cluster);
        shelf = bench.shelf();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private BackupResult run() {
        return bench.online(served).run(system -> Mono.empty()).blockOptional().orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(ints = {511, 512, 32_768, 1_048_576})
    void run_ofAServer_canBeReadBackByteForByte(int messageBytes) throws IOException {
        served.messageBytes = messageBytes;
        served.tablespace(16_400, bench.scratch("ts1"));
        bench.cluster.write("log/a.log", bench.cluster.bytes(3_000_001));
        bench.archiveWal(shelf);

        BackupResult result = run();

        BackupLabel label = result.header().label();
        Map<String, StoredFile> files = shelf.files(label);
        assertThat(files)
                .containsKeys(
                        "PG_VERSION", "base/5/16432", "global/pg_control", "empty", "log/a.log", "backup_manifest")
                .containsKey("pg_tblspc/16400/PG_17_202406281/5/17000")
                .doesNotContainKeys("backup_label", "tablespace_map");
        for (StoredFile file : files.values()) {
            if (!file.path().equals(ServerManifest.PATH)) {
                byte[] onDisk =
                        Files.readAllBytes(bench.cluster.path(file.path().toString()));
                assertThat(Arrays.equals(shelf.content(label, file), onDisk))
                        .as(file.path().toString())
                        .isTrue();
            }
        }
        assertThat(new String(shelf.content(label, files.get("backup_manifest")), StandardCharsets.UTF_8))
                .contains("\"Path\": \"base/5/16432\"")
                .endsWith("\"}\n");
        assertThat(result.footer().badBlocks()).isZero();
        assertThat(served.closed).isEqualTo(1);
    }

    @Test
    void run_ofAServer_saysInTheHeaderWhereItBeganAndEnded() throws IOException {
        served.tablespace(16_400, bench.scratch("ts1"));
        bench.archiveWal(shelf);

        Header header = run().header();

        assertThat(header.origin()).isEqualTo(BackupOrigin.PRIMARY);
        assertThat(header.redo()).isEqualTo(ServedCluster.START);
        assertThat(header.stop().lsn()).isEqualTo(ServedCluster.STOP);
        assertThat(header.stop().time()).isEqualTo(ServedCluster.SERVER_TIME);
        assertThat(header.backupLabel()).startsWith("START WAL LOCATION: 0/1100028");
        assertThat(header.tablespaceMap()).isEqualTo("16400 " + bench.scratch("ts1") + "\n");
        assertThat(header.cluster().checksumVersion()).isEqualTo(1);
        assertThat(shelf.manifest(header.label()))
                .filteredOn(StoredLink.class::isInstance)
                .singleElement()
                .extracting(line -> ((StoredLink) line).target().toPath())
                .isEqualTo(bench.scratch("ts1"));
    }

    @Test
    void run_whereConfigurationLiesOutside_listsItAsNotIncluded() {
        bench.archiveWal(shelf);

        assertThat(run().warnings())
                .containsExactly(
                        "/etc/postgresql/17/main/conf.d/extra.conf lies outside the data directory and is not included",
                        "/etc/postgresql/17/main/postgresql.conf lies outside the data directory and is not included");
    }

    @Test
    void t42_withoutItsWal_isNotPublishedAndSaysWhatTheArchiverSays() {
        assertThatThrownBy(() -> bench.online(served, advancing(Duration.ofSeconds(20)))
                        .run(system -> Mono.empty())
                        .block())
                .isInstanceOf(DeadlinePassed.class)
                .hasMessageContaining("000000010000000000000011 did not arrive in repository \"local\"")
                .hasMessageContaining("archiving of 000000010000000000000011 fails");
        assertThat(shelf.manifests()).isEmpty();
        assertThat(shelf.names()).anyMatch(name -> name.contains("/intent/"));
    }

    @Test
    void t93_whenItsWalArrivesLate_waitsForIt() {
        AtomicInteger asked = new AtomicInteger();
        bench.events = event -> {
            if (event.kind() == BackupEvent.WAITING_FOR_WAL && asked.getAndIncrement() == 0) {
                assertThat(bench.wal(shelf).subscribe()).isNotNull();
            }
        };

        BackupResult result = bench.online(served, advancing(Duration.ofSeconds(6)))
                .run(system -> Mono.empty())
                .blockOptional()
                .orElseThrow();

        assertThat(asked).hasPositiveValue();
        assertThat(shelf.manifests()).hasSize(1);
        assertThat(result.repositories()).containsExactly("local");
    }

    @Test
    void run_whereAnOptionalRepositoryDoesNotGetTheWal_leavesItOut() {
        Shelf far = bench.shelf("far", new MemoryStore(), Requirement.OPTIONAL);
        bench.archiveWal(shelf);

        BackupResult result = bench.online(served, advancing(Duration.ofSeconds(40)))
                .run(system -> Mono.empty())
                .blockOptional()
                .orElseThrow();

        assertThat(result.repositories()).containsExactly("local");
        assertThat(result.dropped()).containsKey("far");
        assertThat(far.manifests()).isEmpty();
    }

    @Test
    void run_whereAFileIsNotWhatTheServersManifestSays_isNotPublished() {
        served.manifest = text -> text.replaceFirst("(global/1262.*?\"Checksum\": \")[0-9a-f]{2}", "$1ee");

        assertNotPublished("global/1262 is not what the server's manifest says");
    }

    @Test
    void run_whereTheServersManifestNamesMore_isNotPublished() {
        served.manifest = text -> text.replace(
                "\"Files\": [\n",
                "\"Files\": [\n{ \"Path\": \"base/5/777\", \"Size\": 1,"
                        + " \"Checksum-Algorithm\": \"CRC32C\", \"Checksum\": \"00000000\" },\n");

        assertNotPublished("sent no base/5/777, which its manifest names");
    }

    @Test
    void run_whereTheServersManifestNamesLess_isNotPublished() {
        served.manifest = text -> text.replaceFirst("\\{ \"Path\": \"base/5/16432\"[^}]*\\},\n", "");

        assertNotPublished("base/5/16432, which its manifest does not name");
    }

    @Test
    void run_whereTheServersManifestIsCut_isNotPublished() {
        served.messages = sent ->
                sent.map(message -> message instanceof Data data && isEndOfManifest(data) ? cut(data) : message);

        assertNotPublished("has not the checksum");
    }

    @Test
    void run_whereAnArchiveIsCut_isNotPublished() {
        served.messageBytes = 512;
        AtomicInteger dropped = new AtomicInteger();
        served.messages = sent -> sent.filter(message -> {
            boolean drop = message instanceof Data data && dropped.get() == 0 && isZero(data);
            if (drop) {
                dropped.incrementAndGet();
                ((Data) message).data().release();
            }
            return !drop;
        });

        assertNotPublished("");
    }

    @Test
    void run_whereTheConnectionIsLost_isNotPublished() {
        served.messageBytes = 4096;
        served.messages = sent -> sent.doOnDiscard(
                        Data.class, data -> data.data().release())
                .index()
                .concatMap(one -> one.getT1() == 7
                        ? release(one.getT2()).then(Mono.error(new PostgresFailed("connection to db1:5432 was lost")))
                        : Mono.just(one.getT2()));

        assertThatThrownBy(this::run).isInstanceOf(PostgresFailed.class).hasMessageContaining("was lost");
        assertThat(shelf.manifests()).isEmpty();
        assertThat(served.closed).isEqualTo(1);
    }

    @Test
    void t90_whereTheTimelineChanges_isNotPublished() {
        served.stopTimeline = TimelineId.of(2);

        assertThatThrownBy(this::run)
                .isInstanceOf(PostgresFailed.class)
                .hasMessageContaining("went from timeline 1 to 2");
        assertThat(shelf.manifests()).isEmpty();
    }

    @Test
    void a19_ofAPromotedServer_putsItsHistoryFile() {
        served.timeline = TimelineId.of(2);

        assertThatThrownBy(() -> bench.online(served, advancing(Duration.ofSeconds(40)))
                        .run(system -> Mono.empty())
                        .block())
                .isInstanceOf(DeadlinePassed.class);
        assertThat(shelf.names()).contains(Shelf.SYSTEM + "/wal/00000002.history");
    }

    @Test
    void t10_whereAnotherServerTookTheSameTimeline_isRefused() {
        bench.archiveHistory(shelf, TimelineId.of(2), "1\t0/900000\tbefore\n");
        served.timeline = TimelineId.of(2);

        assertThatThrownBy(this::run)
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining("two servers were promoted to the same timeline");
        assertThat(shelf.names()).noneMatch(name -> name.contains("/pack/"));
    }

    @Test
    void run_ofADivergedOldPrimary_isRefusedBeforeItBegins() {
        bench.archiveHistory(shelf, TimelineId.of(2), "1\t0/1000000\tpromoted\n");

        assertThatThrownBy(this::run)
                .isInstanceOf(RefusedForSafety.class)
                .hasMessageContaining("timeline 2 left that timeline at 0/1000000")
                .hasMessageContaining("diverged old primary");
        assertThat(shelf.names()).noneMatch(name -> name.contains("/backup/"));
    }

    @Test
    void run_whereATimelineLeftLaterThanTheServerIs_isNoDivergence() {
        bench.archiveHistory(shelf, TimelineId.of(2), "1\t0/2000000\tpromoted\n");
        bench.archiveWal(shelf);

        assertThat(run().repositories()).containsExactly("local");
    }

    @Test
    void run_ofADivergedServerThatAPersonNamed_isTaken() {
        bench.archiveHistory(shelf, TimelineId.of(2), "1\t0/1000000\tpromoted\n");
        bench.archiveWal(shelf);
        bench.said = TimelineId.FIRST;

        assertThat(run().repositories()).containsExactly("local");
    }

    @Test
    void run_onAnotherTimelineThanAPersonNamed_isRefused() {
        bench.said = TimelineId.of(3);

        assertThatThrownBy(this::run).isInstanceOf(RefusedForSafety.class).hasMessageContaining("timeline 1, not on 3");
    }

    @Test
    void run_whereNothingIsArchived_refusesBeforeItWritesAnything() {
        served.set("archive_mode", "off");

        assertThatThrownBy(this::run).isInstanceOf(RefusedForSafety.class).hasMessageContaining("archive_mode is off");
        assertThat(shelf.names()).isEmpty();
    }

    @Test
    void run_wherePgTdeKeepsKeys_isNotInThisVersion() throws IOException {
        bench.cluster.write("pg_tde/wal_keys", new byte[320]);

        assertThatThrownBy(this::run).isInstanceOf(NotInThisVersion.class);
        assertThat(shelf.manifests()).isEmpty();
    }

    @Test
    void run_whereTheServerSendsAPathThatLeadsOut_refusesIt() throws IOException {
        served.messages = sent -> sent.map(message -> message instanceof Data data ? renamed(data) : message);

        assertNotPublished("");
    }

    @Test
    void t89_pagesThatFail_areTornWithinTheBackupAndBadOutside() throws IOException {
        damaged("base/5/16432", 3, Lsn.parse("0/1000000"));
        damaged("base/5/16432", 7, Lsn.parse("0/1100100"));
        damaged("base/5/16432", 8, Lsn.parse("0/1100100"));
        damaged("base/5/16432", 9, Lsn.parse("0/2000000"));
        bench.archiveWal(shelf);

        BackupResult result = run();

        StoredFile file = shelf.file(result.header().label(), "base/5/16432");
        assertThat(file.checksums().bad()).containsExactly(new PageSpan(3, 1), new PageSpan(9, 1));
        assertThat(file.checksums().torn()).containsExactly(new PageSpan(7, 2));
        assertThat(result.footer().badBlocks()).isEqualTo(2);
        assertThat(result.badFiles()).hasSize(1);
    }

    @Test
    void run_whereTheServersVerificationFailsAtTheEnd_keepsTheDamagedCopyAndSaysSo() throws IOException {
        bench.cluster.damage("base/5/16432", 3);
        bench.archiveWal(shelf);
        served.messages = sent -> sent.concatWith(Mono.error(corrupted()));

        BackupResult result = run();

        assertThat(result.footer().badBlocks()).isEqualTo(1);
        assertThat(shelf.manifests()).hasSize(1);
    }

    @Test
    void run_whereOnlyTheServerFindsDamage_endsWithAnError() {
        bench.archiveWal(shelf);
        served.messages = sent -> sent.concatWith(Mono.error(corrupted()));

        assertThatThrownBy(this::run).isInstanceOf(IntegrityFailed.class).hasMessageContaining("page checksums failed");
    }

    @Test
    void run_withAWarningOfTheServer_tellsIt() {
        bench.archiveWal(shelf);
        served.messages = sent -> sent.concatMap(message -> message instanceof BaseBackupMessage.Begun
                ? Flux.just(
                        message,
                        new Noticed(new ServerNotice("WARNING", "01000", "skipping special file \"./x\"", null, null)))
                : Flux.just(message));

        assertThat(run().warnings()).contains("WARNING: skipping special file \"./x\"");
    }

    /** Invariant 8: what was asked of the server is bounded by the packs and chunks in flight, whatever the file's size. */
    @Test
    void run_intoAStoreThatStalls_stopsAskingTheServer() {
        bench.shelf(
                "slow",
                FaultyStore.of(new MemoryStore(), Fault.put().named("/pack/").hangs()),
                Requirement.REQUIRED);
        AtomicLong sent = new AtomicLong();
        served.messages = unsent -> Flux.<BaseBackupMessage>just(
                        new BaseBackupMessage.Begun(ServedCluster.START, TimelineId.FIRST, List.of()),
                        new BaseBackupMessage.ArchiveBegun("base.tar", ""))
                .concatWith(Flux.defer(() -> Flux.just(
                        new Data(Unpooled.wrappedBuffer(ServedCluster.header("base/5/16432", 8_000_000_000L))))))
                .concatWith(Flux.<BaseBackupMessage>generate(sink -> {
                            sent.addAndGet(32 << 10);
                            sink.next(new Data(Unpooled.wrappedBuffer(bench.cluster.bytes(32 << 10))));
                        })
                        .doOnDiscard(Data.class, data -> data.data().release()));
        long most = 4 * bench.settings.packBytes() + (4L + bench.settings.chunksInFlight()) * (1 << 20);

        StepVerifier.create(bench.online(served).run(system -> Mono.empty()))
                .thenAwait(Duration.ofSeconds(2))
                .then(() -> assertThat(sent).hasPositiveValue())
                .thenCancel()
                .verify();

        assertThat(sent).as("bytes asked of the server").hasValueLessThan(most);
    }

    @Test
    void run_cancelledMidway_leavesNoManifestAndClosesTheSession() {
        served.messageBytes = 4096;
        served.messages = sent -> sent.concatWith(Flux.never());

        StepVerifier.create(bench.online(served).run(system -> Mono.empty()))
                .thenAwait(Duration.ofMillis(300))
                .thenCancel()
                .verify();

        assertThat(shelf.manifests()).isEmpty();
        assertThat(served.closed).isEqualTo(1);
    }

    @Test
    void plan_ofAServer_writesNothing() {
        OnlineBackup.Plan plan = bench.online(served).plan().blockOptional().orElseThrow();

        assertThat(plan.databaseBytes()).isEqualTo(12_345_678);
        assertThat(shelf.names()).isEmpty();
        assertThat(served.closed).isEqualTo(1);
    }

    private void assertNotPublished(String message) {
        bench.archiveWal(shelf);
        assertThatThrownBy(this::run).isInstanceOf(IntegrityFailed.class).hasMessageContaining(message);
        assertThat(shelf.manifests()).isEmpty();
        assertThat(served.closed).isEqualTo(1);
    }

    private static PostgresFailed corrupted() {
        return new PostgresFailed("checksum verification failure during base backup", null, "XX001", List.of(), null);
    }

    /** Damages a page and gives it an LSN; its checksum is that of neither. */
    private void damaged(String name, int page, Lsn lsn) throws IOException {
        byte[] content = Files.readAllBytes(bench.cluster.path(name));
        ByteBuffer.wrap(content)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(page * FakeCluster.PAGE, (int) (lsn.value() >>> 32))
                .putInt(page * FakeCluster.PAGE + 4, (int) lsn.value());
        bench.cluster.write(name, content);
        assertThat(new PageChecksum(FakeCluster.PAGE).isRight(content, page * FakeCluster.PAGE, page))
                .isFalse();
    }

    private static boolean isEndOfManifest(Data data) {
        String text = data.data().toString(StandardCharsets.UTF_8);
        return text.contains("Manifest-Checksum");
    }

    private static Data cut(Data data) {
        return new Data(data.data().writerIndex(data.data().writerIndex() - 5));
    }

    private static boolean isZero(Data data) {
        for (int i = data.data().readerIndex(); i < data.data().writerIndex(); i++) {
            if (data.data().getByte(i) != 0) {
                return false;
            }
        }
        return true;
    }

    private static Mono<Void> release(BaseBackupMessage message) {
        return Mono.fromRunnable(() -> {
            if (message instanceof Data data) {
                data.data().release();
            }
        });
    }

    /** The name of the first file, which now leads out of the directory. */
    private static Data renamed(Data data) {
        byte[] name = "PG_VERSION".getBytes(StandardCharsets.US_ASCII);
        for (int i = data.data().readerIndex(); i + 512 < data.data().writerIndex(); i += 512) {
            byte[] found = new byte[name.length];
            data.data().getBytes(i, found);
            if (Arrays.equals(found, name)) {
                byte[] header = ServedCluster.header("../VERSION", 3);
                data.data().setBytes(i, header);
            }
        }
        return data;
    }

    private static Clock advancing(Duration step) {
        AtomicLong asked = new AtomicLong();
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return BackupBench.NOW.plus(step.multipliedBy(asked.getAndIncrement()));
            }
        };
    }
}
