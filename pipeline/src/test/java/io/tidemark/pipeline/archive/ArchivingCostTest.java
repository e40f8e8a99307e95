package io.tidemark.pipeline.archive;

import static io.tidemark.pipeline.archive.ArchiveBench.CLUSTER;
import static io.tidemark.pipeline.archive.ArchiveBench.SYSTEM;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.crypto.keyset.SealingKeyset;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.RepositoryMarker;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.Requirement;
import io.tidemark.pipeline.keys.FileIdentity;
import io.tidemark.pipeline.keys.GenerationMaker;
import io.tidemark.pipeline.keys.KeysetAccess;
import io.tidemark.pipeline.keys.MemoryDirectory;
import io.tidemark.pipeline.keys.RecipientChoice;
import io.tidemark.pipeline.keys.RepositoryAccess;
import io.tidemark.pipeline.keys.RootExpectation;
import io.tidemark.pipeline.keys.TestKey;
import io.tidemark.pipeline.keys.provider.KeyReference;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.testing.MemoryStore;
import io.tidemark.sinks.testing.RecordingStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.test.StepVerifier;

/** What a segment costs in requests: in the normal case one put, three small gets, no list and no head. */
final class ArchivingCostTest {
    private final TestKey key = new TestKey("box", 1);
    private final MemoryStore first = new MemoryStore("memory:a");
    private final MemoryStore second = new MemoryStore("memory:b");
    private final RecordingStore a = new RecordingStore(first);
    private final RecordingStore b = new RecordingStore(second);
    private ArchiveBench bench;
    private SealingKeyset keyset;
    private Path state;
    private int segments;

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        bench = new ArchiveBench(directory.resolve("data"));
        keyset = bench.keyset;
        state = directory.resolve("state");
        initialise(first, '1');
        bench.opening("a", Requirement.REQUIRED, access().openRemembered("a", Requirement.REQUIRED, a));
        bench.admissions = memory();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void firstPush_listsWhatItHasToKnow() throws IOException {
        String object = push();

        assertThat(a.taken())
                .containsExactly(
                        "GET tidemark.json",
                        "LIST keys/",
                        "GET keys/00000001.json",
                        "LIST " + SYSTEM + "/",
                        "HEAD index/system/" + SYSTEM,
                        "LIST ",
                        "PUT " + object);
    }

    @Test
    void laterPush_isOnePutAndThreeSmallGets() throws IOException {
        push();
        for (int i = 0; i < 2; i++) {
            a.taken();

            String object = push();

            requireNormal(a, 1, object);
        }
    }

    @Test
    void pushAfterARotation_findsItListsOnceAndSealsUnderTheNewKey() throws IOException {
        push();
        push();
        rotate(first, 2);
        a.taken();

        String object = push();

        assertThat(a.taken()).contains("LIST keys/").doesNotContain("LIST " + SYSTEM + "/");
        requireSealedByThePrimary(object);
        object = push();
        requireNormal(a, 2, object);
    }

    @Test
    void rotationAboveAFreeNumber_isFoundWithinADay() throws IOException {
        push();
        rotate(first, 3);
        try (Stream<Path> files = Files.list(state)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(24))));
            }
        }

        String object = push();

        requireSealedByThePrimary(object);
    }

    @Test
    void pushAfterTheMemoryWasLost_costsListingsAndNothingElse() throws IOException {
        push();
        try (Stream<Path> files = Files.list(state)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        a.taken();

        String object = push();

        assertThat(a.taken()).contains("LIST keys/", "LIST " + SYSTEM + "/", "PUT " + object);
        a.taken();
        requireNormal(a, 1, push());
    }

    @Test
    void memoryThatCannotBeWritten_costsListingsAndNothingElse() throws IOException {
        Files.writeString(state, "in the way");

        push();
        a.taken();
        String object = push();

        assertThat(a.taken()).contains("LIST keys/", "PUT " + object);
        assertThat(bench.told()).doesNotContain("TM-KEY-004");
    }

    @Test
    void twoRepositories_payEachForItself() throws IOException {
        initialise(second, '2');
        push();
        bench.opening("b", Requirement.OPTIONAL, access().openRemembered("b", Requirement.OPTIONAL, b));
        a.taken();

        String object = push();

        requireNormal(a, 1, object);
        assertThat(b.taken()).contains("LIST keys/", "PUT " + object);
        object = push();
        requireNormal(a, 1, object);
        requireNormal(b, 1, object);
    }

    @Test
    void repositoryRolledBack_isNoticedByThePushesThatDoNotList() throws IOException {
        push();
        rotate(first, 2);
        push();
        first.uproot(ObjectNames.generation(2).value());

        offer();
        StepVerifier.create(bench.push(segment())).verifyError(IntegrityFailed.class);
    }

    @Test
    void fetchOfWhatIsThere_isFourGets() throws IOException {
        push();
        String object = push();
        a.taken();

        StepVerifier.create(bench.fetch(segment()))
                .expectNext(new Answer.Found("a"))
                .verifyComplete();

        assertThat(a.taken())
                .containsExactlyInAnyOrder(
                        "GET tidemark.json", "GET keys/00000001.json", "GET keys/00000002.json", "GET " + object);
    }

    private static void requireNormal(RecordingStore store, int generation, String object) {
        assertThat(store.taken())
                .containsExactlyInAnyOrder(
                        "GET tidemark.json",
                        "GET " + ObjectNames.generation(generation),
                        "GET " + ObjectNames.generation(generation + 1),
                        "PUT " + object);
    }

    /** Opens it by a keyset that has nothing but the newest key. */
    private void requireSealedByThePrimary(String object) {
        assertThat(keyset.newestFirst()).hasSizeGreaterThan(1);
        StepVerifier.create(access().open("a", Requirement.REQUIRED, first)
                        .flatMap(opened -> opened.objects().facts(ObjectName.of(object))))
                .expectNextCount(1)
                .verifyComplete();
        assertThat(bench.repository("old keys", first)
                        .objects()
                        .facts(ObjectName.of(object))
                        .onErrorComplete()
                        .block())
                .isNull();
    }

    /** Pushes one more segment; its object's name. */
    private String push() throws IOException {
        offer();
        StepVerifier.create(bench.push(segment())).verifyComplete();
        return SYSTEM + "/wal/00000001/0000000100000000/" + segment();
    }

    private void offer() throws IOException {
        segments++;
        bench.offer(segment(), ArchiveBench.segment(segment(), segments));
    }

    private String segment() {
        return String.format("0000000100000000%08X", segments);
    }

    private void initialise(MemoryStore store, char repository) {
        RepositoryMarker marker =
                RepositoryMarker.of(CLUSTER, String.valueOf(repository).repeat(32), ArchiveBench.CLOCK.instant());
        store.plant(ObjectNames.MARKER.value(), marker.toJson());
        generation(store, 1);
    }

    private void rotate(MemoryStore store, int number) {
        keyset = keyset.withNewPrimary();
        generation(store, number);
    }

    private void generation(MemoryStore store, int number) {
        GenerationMaker maker = new GenerationMaker(
                List.of(new RecipientChoice.OfFile(key, KeyReference.ONLY, new SecureRandom())),
                ArchiveBench.CLOCK,
                bench.files);
        store.plant(
                ObjectNames.generation(number).value(),
                maker.make(keyset, CLUSTER, number).block().toJson());
    }

    private RepositoryAccess access() {
        KeysetAccess keysets = new KeysetAccess(
                List.of(new FileIdentity(key)), RootExpectation.notConfigured(), memory(), bench.events::add);
        return new RepositoryAccess(keysets, bench.cpu);
    }

    private MemoryDirectory memory() {
        return new MemoryDirectory(state, bench.files, bench.events::add);
    }
}
