package io.tidemark.pipeline.archive;

import static io.tidemark.pipeline.archive.ArchiveBench.MIB;
import static io.tidemark.pipeline.archive.ArchiveBench.SEGMENT;
import static io.tidemark.pipeline.archive.ArchiveBench.SYSTEM;
import static io.tidemark.pipeline.archive.ArchiveBench.SYSTEM_ID;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.pipeline.catalog.Facts;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.config.DeadlinePassed;
import io.tidemark.pipeline.config.FailureKind;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.NotInThisVersion;
import io.tidemark.pipeline.config.TidemarkException;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.stage.Bytes;
import io.tidemark.pipeline.wal.MadeSegment;
import io.tidemark.pipeline.wal.WalFixtures;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.StoreFull;
import io.tidemark.sinks.StoreUnavailable;
import io.tidemark.sinks.testing.Fault;
import io.tidemark.sinks.testing.FaultyStore;
import io.tidemark.sinks.testing.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** archive-push against invariants 1, 2 and 4, and the traps of PostgreSQL's archiver. */
final class WalArchiverTest {
    private static final String OBJECT = SYSTEM + "/wal/00000001/0000000100000000/" + SEGMENT;

    private final MemoryStore store = new MemoryStore("memory:a");
    private ArchiveBench bench;

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        bench = new ArchiveBench(directory.resolve("data dir 'ü' %p"));
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void realSegment_isStoredWithItsFacts() throws IOException {
        byte[] segment = WalFixtures.cluster(SEGMENT);
        bench.required("a", store).offer(SEGMENT, segment);

        done(bench.push(SEGMENT));

        assertThat(store.names()).containsExactly(OBJECT);
        Facts facts = bench.repository("a", store)
                .objects()
                .facts(ObjectName.of(OBJECT))
                .block();
        assertThat(facts).isNotNull();
        assertThat(facts.kind()).isEqualTo("wal");
        assertThat(facts.size()).isEqualTo(MIB);
        assertThat(facts.text("start")).contains("0/F00000");
        assertThat(facts.text("end")).contains("0/1000000");
        assertThat(facts.text("state")).contains("plain");
        assertThat(facts.text("node")).contains("node-000000");
        assertThat(facts.whole("timeline")).hasValue(1);
        assertThat(facts.whole("postgres")).hasValue(17);
        assertThat(facts.whole("segmentSize")).hasValue(MIB);
        assertThat(facts.whole("inspected")).hasValue(0);
        assertThat(read(OBJECT)).isEqualTo(segment);
    }

    @Test
    void t01_storeThatFails_failsThePushAtOnceAndSaysWhy() throws IOException {
        StoreUnavailable down = new StoreUnavailable("put memory:a: mount is gone", null);
        bench.required("a", FaultyStore.of(store, Fault.any().fails(down)))
                .offer(SEGMENT, ArchiveBench.segment(SEGMENT, 1));

        StepVerifier.create(bench.push(SEGMENT)).verifyErrorMatches(error -> error == down);
        assertThat(store.names()).isEmpty();
    }

    @Test
    void t02_everyFailure_isOfAKindThatTheArchiverRetries() throws IOException {
        bench.required("a", store).offer("junk", new byte[10]);

        for (String file : List.of("junk", SEGMENT, "00000002.history")) {
            StepVerifier.create(bench.push(file))
                    .verifyErrorSatisfies(error ->
                            assertThat(((TidemarkException) error).kind()).isIn((Object[]) FailureKind.values()));
        }
    }

    @Test
    void t03_pushWithoutAnAnswerOfTheStore_neverSucceeds() throws IOException {
        bench.deadline = Duration.ofMillis(300);
        bench.required("a", store)
                .required("b", FaultyStore.of(new MemoryStore(), Fault.put().hangs()))
                .offer(SEGMENT, ArchiveBench.segment(SEGMENT, 1));

        StepVerifier.create(bench.push(SEGMENT)).verifyError(DeadlinePassed.class);
    }

    @Test
    void t04_sameFileAgain_succeedsAndWritesNothing() throws IOException {
        bench.required("a", store).offer(SEGMENT, ArchiveBench.segment(SEGMENT, 1));
        done(bench.push(SEGMENT));
        byte[] stored = store.content(OBJECT);

        done(bench.push(SEGMENT));

        assertThat(store.names()).containsExactly(OBJECT);
        assertThat(store.content(OBJECT)).isEqualTo(stored);
        assertThat(bench.told()).contains("TM-ARC-002");
    }

    @Test
    void t04_answerThatWasLost_isFoundByTheAttemptsHeader() throws IOException {
        StoreUnavailable lost = new StoreUnavailable("reset by peer", null);
        bench.required("a", FaultyStore.of(store, Fault.put().nth(1).losesItsAnswer(lost)))
                .offer(SEGMENT, ArchiveBench.segment(SEGMENT, 1));

        done(bench.push(SEGMENT));

        assertThat(store.names()).containsExactly(OBJECT);
        assertThat(bench.told()).containsExactly("TM-ARC-001");
    }

    @Test
    void t05_sameNameOtherContent_isRefusedAndKeptAsRival() throws IOException {
        byte[] first = ArchiveBench.segment(SEGMENT, 1);
        byte[] second = ArchiveBench.segment(SEGMENT, 2);
        bench.required("a", store).offer(SEGMENT, first);
        done(bench.push(SEGMENT));
        bench.offer(SEGMENT, second);

        StepVerifier.create(bench.push(SEGMENT))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(IntegrityFailed.class)
                        .hasMessageContaining(sha256(first))
                        .hasMessageContaining(sha256(second))
                        .hasMessageContaining("node-000000"));

        assertThat(read(OBJECT)).isEqualTo(first);
        String rival = only("/rival/");
        assertThat(rival).startsWith(SYSTEM + "/rival/00000001/" + SEGMENT + ".");
        assertThat(read(rival)).isEqualTo(second);
        StepVerifier.create(bench.push(SEGMENT)).verifyError(IntegrityFailed.class);
        assertThat(store.names()).hasSize(2);
    }

    @Test
    void t06_twoServersAtOnce_oneIsStoredTheOtherIsRefused() throws IOException {
        bench.required("a", store).offer(SEGMENT, ArchiveBench.segment(SEGMENT, 1));
        Mono<Void> first = bench.push(SEGMENT);
        done(Mono.when(first, first, first));
        assertThat(store.names()).containsExactly(OBJECT);
    }

    @Test
    void t07_partialSegmentsOfTwoServers_liveSideBySide() throws IOException {
        String partial = SEGMENT + ".partial";
        byte[] one = MadeSegment.of(SEGMENT, MIB, SYSTEM, 1).unfinishedAfter(100_000);
        byte[] other = one.clone();
        Arrays.fill(other, MIB - 1000, MIB, (byte) 7);
        bench.required("a", store).offer(partial, one);
        done(bench.push(partial));
        bench.offer(partial, other);

        done(bench.push(partial));
        done(bench.push(partial));

        assertThat(store.names()).hasSize(2).allMatch(name -> name.startsWith(OBJECT + ".partial."));
        Facts facts = bench.repository("a", store)
                .objects()
                .facts(ObjectName.of(store.names().get(0)))
                .block();
        assertThat(facts).isNotNull();
        assertThat(facts.json().get("partial").getAsBoolean()).isTrue();
    }

    @Test
    void t10_historyOfTheSameNumberFromAnotherServer_isAConflict() throws IOException {
        bench.required("a", store).offer("00000002.history", "1\t0/3000148\tno reason\n".getBytes(US_ASCII));
        done(bench.push("00000002.history"));
        bench.offer("00000002.history", "1\t0/4000148\tno reason\n".getBytes(US_ASCII));

        StepVerifier.create(bench.push("00000002.history")).verifyError(IntegrityFailed.class);

        assertThat(new String(read(SYSTEM + "/wal/00000002.history"), US_ASCII)).contains("0/3000148");
        assertThat(only("/rival/00000002/00000002.history.")).isNotEmpty();
    }

    @Test
    void t11_labelFile_isArchivedToo() throws IOException {
        String label = SEGMENT + ".00000028.backup";
        bench.required("a", store).offer(label, WalFixtures.clusterBackupHistory());

        done(bench.push(label));

        assertThat(read(OBJECT + ".00000028.backup")).isEqualTo(WalFixtures.clusterBackupHistory());
    }

    @Test
    void t13_shortForeignOrUnfinishedFile_isRefusedAndNothingIsStored() throws IOException {
        byte[] whole = ArchiveBench.segment(SEGMENT, 1);
        bench.required("a", store);
        byte[] holed = whole.clone();
        Arrays.fill(holed, 60 * 8192, 61 * 8192, (byte) 0);
        for (byte[] bad : List.of(
                Arrays.copyOf(whole, MIB / 2),
                new byte[0],
                Arrays.copyOf(whole, 2 * MIB),
                holed,
                MadeSegment.of(SEGMENT, MIB, SYSTEM, 1).unfinishedAfter(500_000),
                new byte[MIB])) {
            bench.offer(SEGMENT, bad);
            StepVerifier.create(bench.push(SEGMENT)).verifyError(IntegrityFailed.class);
        }
        bench.offer("00000002.history", new byte[0]);
        StepVerifier.create(bench.push("00000002.history")).verifyError(IntegrityFailed.class);
        bench.offer(SEGMENT + ".00000028.backup", "STOP".getBytes(US_ASCII));
        StepVerifier.create(bench.push(SEGMENT + ".00000028.backup")).verifyError(IntegrityFailed.class);
        assertThat(store.names()).isEmpty();
    }

    @Test
    void t22_nameThatPostgresqlNeverGives_isAUsageError() throws IOException {
        bench.required("a", store).offer("x", new byte[1]);
        for (String name :
                List.of("%p", "'pg_wal/" + SEGMENT + "'", SEGMENT + "p", "x", "..", SEGMENT.toLowerCase(Locale.ROOT))) {
            StepVerifier.create(bench.push(name)).verifyError(UsageError.class);
        }
        StepVerifier.create(bench.archiver().push(Path.of(""))).verifyError(UsageError.class);
    }

    @Test
    void t111_storeThatIsFull_failsThePush() throws IOException {
        StoreFull full = new StoreFull("no space left on device", null);
        bench.required("a", FaultyStore.of(store, Fault.put().cutAfter(10_000, full)))
                .offer(SEGMENT, ArchiveBench.segment(SEGMENT, 1));

        StepVerifier.create(bench.push(SEGMENT)).verifyErrorMatches(error -> error == full);
        assertThat(store.names()).isEmpty();
    }

    @Test
    void t119_pgWalThatIsALink_isFollowed(@TempDir Path elsewhere) throws IOException {
        bench.required("a", store);
        Files.delete(bench.data.resolve("pg_wal"));
        Files.createSymbolicLink(bench.data.resolve("pg_wal"), elsewhere);
        bench.offer(SEGMENT, ArchiveBench.segment(SEGMENT, 1));

        done(bench.push(SEGMENT));

        assertThat(store.names()).containsExactly(OBJECT);
    }

    @Test
    void t123_segmentOfAnotherCluster_isRefusedBeforeAnythingIsStored() throws IOException {
        bench.required("a", store)
                .offer(SEGMENT, MadeSegment.of(SEGMENT, MIB, SYSTEM + 1, 1).full());

        StepVerifier.create(bench.push(SEGMENT))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(IntegrityFailed.class)
                        .hasMessageContaining(Long.toString(SYSTEM))
                        .hasMessageContaining(Long.toString(SYSTEM + 1)));
        assertThat(store.names()).isEmpty();
    }

    @Test
    void t123_twoClustersInOneRoot_areRefusedAtTheFirstWrite() throws IOException {
        store.plant((SYSTEM + 5) + "/wal/00000001/0000000100000000/" + SEGMENT, new byte[100]);
        bench.required("a", store).offer(SEGMENT, ArchiveBench.segment(SEGMENT, 1));

        StepVerifier.create(bench.push(SEGMENT)).verifyError(IntegrityFailed.class);
        assertThat(store.names()).hasSize(1);
    }

    @Test
    void directoryWithWalKeysOfPgTde_isRefused() throws IOException {
        bench.required("a", store).offer(SEGMENT, ArchiveBench.segment(SEGMENT, 1));
        Path keys = Files.createDirectories(bench.data.resolve("pg_tde")).resolve("wal_keys");
        Files.write(keys, new byte[0]);
        done(bench.push(SEGMENT));
        Files.write(keys, new byte[424]);

        StepVerifier.create(bench.push(SEGMENT)).verifyError(NotInThisVersion.class);
    }

    @Test
    void foreignObjectAtTheName_doesNotStopArchiving() throws IOException {
        byte[] segment = ArchiveBench.segment(SEGMENT, 1);
        store.plant(OBJECT, new byte[5000]);
        bench.required("a", store).offer(SEGMENT, segment);

        done(bench.push(SEGMENT));
        done(bench.push(SEGMENT));

        assertThat(store.content(OBJECT)).isEqualTo(new byte[5000]);
        assertThat(read(only(".again."))).isEqualTo(segment);
        assertThat(bench.told()).contains("TM-ARC-005");
    }

    @Test
    void objectThatRottedInItsMiddle_doesNotPassForTheSegment() throws IOException {
        byte[] segment = MadeSegment.of(SEGMENT, MIB, SYSTEM, 1).full();
        bench.required("a", store).offer(SEGMENT, segment);
        done(bench.push(SEGMENT));
        byte[] rotten = store.content(OBJECT);
        rotten[rotten.length / 2] ^= 1;
        store.plant(OBJECT, rotten);

        done(bench.push(SEGMENT));

        assertThat(read(only(".again."))).isEqualTo(segment);
    }

    @Test
    void emptyObjectAtTheName_isForeignToo() throws IOException {
        store.plant(OBJECT, new byte[0]);
        bench.required("a", store).offer(SEGMENT, ArchiveBench.segment(SEGMENT, 1));

        done(bench.push(SEGMENT));

        assertThat(only(".again.")).isNotEmpty();
    }

    @Test
    void requiredRepositories_mustAllHaveIt_andTheOthersGoOn() throws IOException {
        StoreUnavailable down = new StoreUnavailable("down", null);
        bench.required("a", FaultyStore.of(new MemoryStore(), Fault.any().fails(down)))
                .required("b", store)
                .offer(SEGMENT, ArchiveBench.segment(SEGMENT, 1));

        StepVerifier.create(bench.push(SEGMENT)).verifyErrorMatches(error -> error == down);

        assertThat(store.names()).containsExactly(OBJECT);
    }

    @Test
    void optionalRepository_thatFails_neverFailsThePush() throws IOException {
        MemoryStore good = new MemoryStore("memory:good");
        bench.required("a", store)
                .optional(
                        "down",
                        FaultyStore.of(new MemoryStore(), Fault.any().fails(new StoreUnavailable("down", null))))
                .optional("good", good)
                .offer(SEGMENT, ArchiveBench.segment(SEGMENT, 1));

        done(bench.push(SEGMENT));

        assertThat(store.names()).containsExactly(OBJECT);
        assertThat(good.names()).containsExactly(OBJECT);
        assertThat(bench.told()).contains("TM-ARC-003");
    }

    @Test
    void optionalRepository_thatHangs_delaysThePushForAShareOfTheDeadlineOnly() throws IOException {
        bench.deadline = Duration.ofSeconds(16);
        bench.required("a", store)
                .optional("hung", FaultyStore.of(new MemoryStore(), Fault.put().hangs()))
                .offer(SEGMENT, ArchiveBench.segment(SEGMENT, 1));

        done(bench.push(SEGMENT));

        assertThat(store.names()).containsExactly(OBJECT);
        assertThat(bench.told()).contains("TM-ARC-004");
    }

    @Test
    void onlyOptionalRepositories_areNoArchive() throws IOException {
        bench.optional("a", store).offer(SEGMENT, ArchiveBench.segment(SEGMENT, 1));

        StepVerifier.create(bench.push(SEGMENT)).verifyError(UsageError.class);
    }

    @Test
    void fileThatIsNotThere_isAUsageError() {
        bench.required("a", store);

        StepVerifier.create(bench.push(SEGMENT))
                .verifyErrorSatisfies(error ->
                        assertThat(error).isInstanceOf(UsageError.class).hasMessageContaining(SEGMENT));
    }

    @Test
    void linkInPgWal_isNotFollowed(@TempDir Path elsewhere) throws IOException {
        Path target = Files.write(elsewhere.resolve(SEGMENT), ArchiveBench.segment(SEGMENT, 1));
        Files.createSymbolicLink(bench.data.resolve("pg_wal").resolve(SEGMENT), target);
        bench.required("a", store);

        StepVerifier.create(bench.push(SEGMENT)).expectError().verify();
        assertThat(store.names()).isEmpty();
    }

    @Test
    void cancel_leavesNothingBehind() throws IOException {
        bench.required("a", FaultyStore.of(store, Fault.put().hangs()))
                .offer(SEGMENT, ArchiveBench.segment(SEGMENT, 1));

        StepVerifier.create(bench.push(SEGMENT))
                .thenAwait(Duration.ofMillis(100))
                .thenCancel()
                .verify();
        assertThat(store.names()).isEmpty();
    }

    @Test
    void names_areThoseOfTheCatalog() {
        assertThat(ObjectNames.segment(SYSTEM_ID, WalFixtures.name(SEGMENT)).value())
                .isEqualTo(OBJECT);
        assertThat(ObjectNames.history(SYSTEM_ID, new TimelineId(2)).value())
                .isEqualTo(SYSTEM + "/wal/00000002.history");
    }

    private static void done(Mono<Void> push) {
        StepVerifier.create(push).expectComplete().verify(Duration.ofSeconds(60));
    }

    private String only(String part) {
        List<String> found =
                store.names().stream().filter(name -> name.contains(part)).toList();
        assertThat(found).as("names with " + part).hasSize(1);
        return found.get(0);
    }

    private byte[] read(String name) {
        byte[] file = Bytes.joined(bench.repository("a", store).objects().file(ObjectName.of(name)))
                .block();
        assertThat(file).isNotNull();
        return file;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
