package io.tidemark.pipeline.archive;

import static io.tidemark.pipeline.archive.ArchiveBench.MIB;
import static io.tidemark.pipeline.archive.ArchiveBench.SEGMENT;
import static io.tidemark.pipeline.archive.ArchiveBench.SYSTEM;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.archive.Answer.Absent;
import io.tidemark.pipeline.archive.Answer.Doubt;
import io.tidemark.pipeline.archive.Answer.Found;
import io.tidemark.pipeline.archive.Answer.InDoubt;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.Requirement;
import io.tidemark.pipeline.stage.Compress;
import io.tidemark.pipeline.wal.MadeSegment;
import io.tidemark.pipeline.wal.WalFileName;
import io.tidemark.sinks.AccessRefused;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.StoreException;
import io.tidemark.sinks.StoreUnavailable;
import io.tidemark.sinks.testing.Fault;
import io.tidemark.sinks.testing.FaultyStore;
import io.tidemark.sinks.testing.MemoryStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** archive-get against invariant 3: what is found, what is absent, and all that must never look like absence. */
final class WalFetcherTest {
    private static final String NEXT = "000000010000000000000010";
    private static final String LATER = "000000010000000000000012";
    private static final String WAL = SYSTEM + "/wal/";
    private static final String OBJECT = WAL + "00000001/0000000100000000/" + SEGMENT;

    private final MemoryStore store = new MemoryStore("memory:a");
    private ArchiveBench bench;
    private byte[] segment = new byte[0];

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        bench = new ArchiveBench(directory.resolve("data"));
        segment = ArchiveBench.segment(SEGMENT, 1);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void storedFile_comesBackWholeAndDurable() throws IOException {
        stored(SEGMENT, 1);

        assertThat(answer(bench.fetch(SEGMENT))).isEqualTo(new Found("a"));

        assertThat(bench.fetched()).isEqualTo(segment);
        assertNoTemporaryFiles();
    }

    @Test
    void t31_destinationThatExists_isReplacedInOneStep() throws IOException {
        stored(SEGMENT, 1);
        Files.write(bench.data.resolve("pg_wal/RECOVERYXLOG"), new byte[] {1, 2, 3});

        assertThat(answer(bench.fetch(SEGMENT))).isInstanceOf(Found.class);

        assertThat(bench.fetched()).isEqualTo(segment);
    }

    @Test
    void t31_failureMidway_leavesTheDestinationAloneAndNoTemporaryFile() throws IOException {
        stored(SEGMENT, 1);
        byte[] rotten = store.content(OBJECT);
        rotten[rotten.length - 1] ^= 1;
        store.plant(OBJECT, rotten);
        Files.write(bench.data.resolve("pg_wal/RECOVERYXLOG"), new byte[] {1, 2, 3});

        assertThat(answer(bench.fetch(SEGMENT))).isInstanceOf(InDoubt.class);

        assertThat(bench.fetched()).isEqualTo(new byte[] {1, 2, 3});
        assertNoTemporaryFiles();
    }

    @Test
    void fileThatNobodyHas_isAbsent() {
        bench.required("a", store).required("b", new MemoryStore());

        assertThat(answer(bench.fetch(SEGMENT))).isEqualTo(new Absent());
        assertThat(answer(bench.fetch("00000002.history"))).isEqualTo(new Absent());
        assertThat(answer(bench.fetch(SEGMENT + ".00000028.backup"))).isEqualTo(new Absent());
    }

    @Test
    void t27_noFailureOfAnyKind_isEverAbsence() {
        StoreException down = new StoreUnavailable("down", null);
        StoreException refused = new AccessRefused("403", null);
        for (StoreException error : List.of(down, refused)) {
            for (Fault fault : List.of(
                    Fault.any().fails(error),
                    Fault.get().fails(error),
                    Fault.get().nth(2).fails(error),
                    Fault.list().fails(error),
                    Fault.list().nth(2).fails(error),
                    Fault.list().nth(3).fails(error))) {
                ArchiveBench faulty = anotherBench();
                faulty.required("a", FaultyStore.of(store, fault));

                assertThat(answer(faulty.fetch(SEGMENT))).as(fault.toString()).isInstanceOf(InDoubt.class);
                faulty.close();
            }
        }
    }

    @Test
    void t27_repositoryThatDoesNotOpen_isDoubt() {
        bench.required("a", store)
                .opening("b", Requirement.OPTIONAL, Mono.error(new KeysFailed("no key opens the keyset")));

        InDoubt doubt = doubt(bench.fetch(SEGMENT));

        assertThat(doubt.repository()).isEqualTo("b");
        assertThat(doubt.doubt()).isEqualTo(Doubt.WRONG);
    }

    @Test
    void t27_repositoryThatHangs_isDoubtAfterTheDeadline() {
        bench.deadline = Duration.ofMillis(200);
        bench.required("a", FaultyStore.of(store, Fault.get().hangs()));

        assertThat(doubt(bench.fetch(SEGMENT)).doubt()).isEqualTo(Doubt.UNREACHABLE);
    }

    @Test
    void anotherRepository_hasIt_whenTheFirstIsDown() throws IOException {
        bench.required(
                "dead", FaultyStore.of(new MemoryStore(), Fault.any().fails(new StoreUnavailable("down", null))));
        stored(SEGMENT, 1);

        assertThat(answer(bench.fetch(SEGMENT))).isEqualTo(new Found("a"));
        assertThat(bench.fetched()).isEqualTo(segment);
    }

    @Test
    void laterSegmentOfTheTimeline_makesItAGap() throws IOException {
        stored(LATER, 3);

        assertThat(doubt(bench.fetch(NEXT)).doubt()).isEqualTo(Doubt.GAP);
        assertThat(answer(bench.fetch("000000010000000000000013"))).isEqualTo(new Absent());
    }

    @Test
    void gapThatIsFilledMeanwhile_isFoundWithinPatience() throws IOException {
        stored(LATER, 3);
        bench.patience = Duration.ofSeconds(30);
        bench.offer(NEXT, ArchiveBench.segment(NEXT, 2));
        Mono<Void> late = Mono.delay(Duration.ofMillis(700)).then(bench.push(NEXT));

        assertThat(answer(Mono.zip(bench.fetch(NEXT), late.thenReturn(1)).map(both -> both.getT1())))
                .isEqualTo(new Found("a"));
        assertThat(bench.told()).contains("TM-ARC-014");
    }

    @Test
    void timelineThatLeftThisOneLater_makesItAGap() {
        bench.required("a", store);
        bench.plant(store, ObjectName.of(WAL + "00000002.history"), "1\t0/1100000\tx\n".getBytes(US_ASCII), "history");

        assertThat(doubt(bench.fetch(SEGMENT)).doubt()).isEqualTo(Doubt.GAP);
        assertThat(doubt(bench.fetch(NEXT)).doubt()).isEqualTo(Doubt.GAP);
        assertThat(answer(bench.fetch("000000010000000000000011"))).isEqualTo(new Absent());
    }

    @Test
    void t08_partialSegment_isNoWholeOne_butIsGivenWhenAskedFor() throws IOException {
        String partial = SEGMENT + ".partial";
        byte[] content = MadeSegment.of(SEGMENT, MIB, SYSTEM, 1).unfinishedAfter(100_000);
        bench.required("a", store).offer(partial, content);
        bench.push(partial).block();

        assertThat(answer(bench.fetch(SEGMENT))).isEqualTo(new Absent());
        assertThat(answer(bench.fetch(partial))).isEqualTo(new Found("a"));
        assertThat(bench.fetched()).isEqualTo(content);
    }

    @Test
    void t09_historyThatComesLater_isNotRememberedAsAbsent() throws IOException {
        bench.required("a", store);
        assertThat(answer(bench.fetch("00000002.history"))).isEqualTo(new Absent());
        bench.offer("00000002.history", "1\t0/F00100\tx\n".getBytes(US_ASCII));
        bench.push("00000002.history").block();

        assertThat(answer(bench.fetch("00000002.history"))).isEqualTo(new Found("a"));
    }

    @Test
    void t09_historyOfATimelineWithSegments_isNeverAbsent() {
        bench.required("a", store);
        String name = "000000020000000000000010";
        bench.plant(store, ObjectName.of(WAL + "00000002/0000000200000000/" + name), new byte[MIB], "wal");

        assertThat(doubt(bench.fetch("00000002.history")).doubt()).isEqualTo(Doubt.GAP);
    }

    /** A server that ends its recovery on the first timeline asks for a file that cannot exist. */
    @Test
    void historyOfTheFirstTimeline_isAbsent_thoughTheTimelineHasSegments() throws IOException {
        stored(NEXT, 1);

        assertThat(answer(bench.fetch("00000001.history"))).isEqualTo(new Absent());
        assertThat(answer(bench.fetch("00000001.history", NEXT))).isEqualTo(new Absent());
    }

    @Test
    void through_meansThatNothingUpToItIsAbsent() {
        bench.required("a", store);

        assertThat(doubt(bench.fetch(SEGMENT, NEXT)).doubt()).isEqualTo(Doubt.WRONG);
        assertThat(doubt(bench.fetch(NEXT, NEXT)).doubt()).isEqualTo(Doubt.WRONG);
        assertThat(doubt(bench.fetch(SEGMENT, "000000030000000000000010")).doubt())
                .isEqualTo(Doubt.WRONG);
        assertThat(doubt(bench.fetch("00000003.history", "000000030000000000000010"))
                        .doubt())
                .isEqualTo(Doubt.WRONG);
        assertThat(answer(bench.fetch(LATER, NEXT))).isEqualTo(new Absent());
        assertThat(answer(bench.fetch("00000004.history", "000000030000000000000010")))
                .isEqualTo(new Absent());
    }

    @Test
    void foreignObject_isReplacedByTheOneBesideIt() throws IOException {
        store.plant(OBJECT, new byte[5000]);
        stored(SEGMENT, 1);

        assertThat(answer(bench.fetch(SEGMENT))).isEqualTo(new Found("a"));
        assertThat(bench.fetched()).isEqualTo(segment);
        store.uproot(OBJECT);
        assertThat(answer(bench.fetch(SEGMENT))).isEqualTo(new Found("a"));
    }

    @Test
    void foreignObjectAlone_isDoubt() {
        store.plant(OBJECT, new byte[5000]);
        bench.required("a", store);

        assertThat(doubt(bench.fetch(SEGMENT)).doubt()).isEqualTo(Doubt.WRONG);
    }

    @Test
    void twoDifferentFilesBesideAForeignObject_areDoubt() throws IOException {
        store.plant(OBJECT, new byte[5000]);
        stored(SEGMENT, 1);
        bench.offer(SEGMENT, ArchiveBench.segment(SEGMENT, 2));
        bench.push(SEGMENT).block();

        assertThat(doubt(bench.fetch(SEGMENT)).why()).hasMessageContaining("2 different files");
    }

    @Test
    void objectUnderAnotherName_isForeignThere() throws IOException {
        stored(SEGMENT, 1);
        store.plant(OBJECT.replace(SEGMENT, NEXT), store.content(OBJECT));

        assertThat(doubt(bench.fetch(NEXT)).doubt()).isEqualTo(Doubt.WRONG);
    }

    @Test
    void segmentStoredAsFound_isDoubt() {
        store.plant(OBJECT + ".tde.node-1.0123456789abcdef", new byte[100]);
        bench.required("a", store);

        assertThat(doubt(bench.fetch(SEGMENT)).why()).hasMessageContaining("pg_tde");
    }

    @Test
    void segmentOfAnotherLength_isNeverHandedOver() throws IOException {
        bench.required("a", store);
        bench.plant(store, ObjectName.of(OBJECT), new byte[1000], "wal");
        assertThat(answer(bench.fetch(SEGMENT))).isInstanceOf(InDoubt.class);
        store.uproot(OBJECT);
        bench.plant(store, ObjectName.of(OBJECT), new byte[MIB + 1], "wal");

        assertThat(answer(bench.fetch(SEGMENT))).isInstanceOf(InDoubt.class);
        assertThat(bench.data.resolve("pg_wal/RECOVERYXLOG")).doesNotExist();
        assertNoTemporaryFiles();
    }

    @Test
    void standby_isToldAbsentForDoubt_butNotWhileItIsBeingPromoted() throws IOException {
        bench.required("a", FaultyStore.of(store, Fault.any().fails(new AccessRefused("403", null))));
        WalFetcher fetcher = bench.fetcher();
        InDoubt doubt = doubt(bench.fetch(SEGMENT));
        FetchRequest request = new FetchRequest(WalFileName.parse(SEGMENT).orElseThrow(), Path.of("x"), null);

        assertThat(fetcher.mayTellStandbyAbsent(request, doubt)).isFalse();
        Files.createFile(bench.data.resolve("standby.signal"));
        assertThat(fetcher.mayTellStandbyAbsent(request, doubt)).isTrue();
        Files.createFile(bench.data.resolve("promote"));
        assertThat(fetcher.mayTellStandbyAbsent(request, doubt)).isFalse();
    }

    @Test
    void cancel_leavesNoTemporaryFile() throws IOException {
        stored(SEGMENT, 1);
        ArchiveBench slow = anotherBench();
        slow.required("a", FaultyStore.of(store, Fault.get().hangs()));

        StepVerifier.create(slow.fetch(SEGMENT))
                .thenAwait(Duration.ofMillis(200))
                .thenCancel()
                .verify();

        slow.close();
        assertNoTemporaryFiles();
    }

    private ArchiveBench anotherBench() {
        try {
            return new ArchiveBench(bench.data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In a repository of the bench, and put there past the archiver: a test may have repositories that fail. */
    private void stored(String name, long seed) throws IOException {
        bench.required("a", store).offer(name, ArchiveBench.segment(name, seed));
        OfferedFile file = OfferedFile.at(bench.data.resolve("pg_wal").resolve(name), bench.files);
        WalBody bodies = new WalBody(
                Origin.read(bench.data),
                "node-000000",
                "test",
                Clock.systemUTC(),
                new Compress(1, bench.cpu),
                bench.events::add);
        new RepositoryPush(
                        bench.repository("a", store),
                        ArchiveBench.SYSTEM_ID,
                        file,
                        bodies.of(file),
                        bench.admissions,
                        bench.events::add)
                .run()
                .block();
    }

    private static Answer answer(Mono<Answer> fetch) {
        Answer answer = fetch.block(Duration.ofSeconds(60));
        assertThat(answer).isNotNull();
        return answer;
    }

    private static InDoubt doubt(Mono<Answer> fetch) {
        Answer answer = answer(fetch);
        assertThat(answer).isInstanceOf(InDoubt.class);
        return (InDoubt) answer;
    }

    private void assertNoTemporaryFiles() throws IOException {
        try (Stream<Path> files = Files.list(bench.data.resolve("pg_wal"))) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.startsWith("xlogtemp"));
        }
    }
}
