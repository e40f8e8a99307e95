package io.tidemark.sinks.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import io.tidemark.sinks.ByteRange;
import io.tidemark.sinks.IntegrityFailed;
import io.tidemark.sinks.InvalidName;
import io.tidemark.sinks.ObjectBody;
import io.tidemark.sinks.ObjectMissing;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.PutOutcome;
import io.tidemark.sinks.StoredObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/**
 * What {@link ObjectStore} promises, as tests; the numbers are its promises'. A store's test extends this and says how an
 * empty store is made.
 */
public abstract class ObjectStoreContract {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long SEED = Long.getLong("tidemark.seed", 20261127L);

    private ObjectStore store;

    /** A new store without objects. */
    protected abstract ObjectStore emptyStore() throws Exception;

    @BeforeEach
    final void makeStore() throws Exception {
        store = emptyStore();
    }

    protected final ObjectStore store() {
        return store;
    }

    // 1, 2: whole, readable at once

    @Test
    public void put_ofANewName_isCreatedAndReadsBack() {
        byte[] content = random(200_000);

        PutOutcome outcome = put("1/wal/00000001/000000010000000A", content);

        assertThat(outcome).isEqualTo(PutOutcome.CREATED);
        assertThat(read("1/wal/00000001/000000010000000A")).isEqualTo(content);
    }

    @Test
    public void put_ofSizesAroundBufferBorders_readsBack() {
        for (int size : new int[] {0, 1, 65_535, 65_536, 65_537, 131_072, 1_000_003}) {
            byte[] content = random(size);

            put("size/" + size, content);

            assertThat(read("size/" + size)).as("%s bytes", size).isEqualTo(content);
            assertThat(stat("size/" + size)).returns((long) size, StoredObject::sizeBytes);
        }
    }

    @Test
    public void put_ofABodyInManyBuffers_keepsTheirOrder() {
        byte[] content = random(100_000);

        PutOutcome outcome = now(
                store.putIfAbsent(ObjectName.of("many"), ObjectBody.of(() -> buffers(content, 777), content.length)));

        assertThat(outcome).isEqualTo(PutOutcome.CREATED);
        assertThat(read("many")).isEqualTo(content);
    }

    @Test
    public void put_thatIsOnlyAssembled_doesNothing() {
        AtomicInteger reads = new AtomicInteger();

        Mono<PutOutcome> put = store.putIfAbsent(ObjectName.of("cold"), ObjectBody.of(() -> {
            reads.incrementAndGet();
            return buffers(random(10), 10);
        }));

        assertThat(put).isNotNull();
        assertThat(reads).hasValue(0);
        assertThat(names("")).isEmpty();
    }

    @Test
    public void put_subscribedTwice_readsTheBodyAgainAndMeetsItsOwnObject() {
        AtomicInteger reads = new AtomicInteger();
        Mono<PutOutcome> put = store.putIfAbsent(ObjectName.of("twice"), ObjectBody.of(() -> {
            reads.incrementAndGet();
            return buffers(random(10), 10);
        }));

        assertThat(put.block(PATIENCE)).isEqualTo(PutOutcome.CREATED);
        assertThat(put.block(PATIENCE)).isEqualTo(PutOutcome.PRESENT);

        assertThat(reads).hasValue(2);
    }

    @Test
    public void put_whoseBodyFails_givesItsErrorAndLeavesNothing() {
        IllegalStateException broken = new IllegalStateException("the source broke");
        ObjectBody body = ObjectBody.of(() -> buffers(random(300_000), 65_536).concatWith(Flux.error(broken)));

        assertThatThrownBy(
                        () -> store.putIfAbsent(ObjectName.of("a/broken"), body).block(PATIENCE))
                .isSameAs(broken);

        assertThat(stat("a/broken")).isNull();
        assertThat(names("")).isEmpty();
    }

    @Test
    public void put_whoseBodyThrowsAtSubscription_givesItsErrorAndLeavesNothing() {
        IllegalStateException broken = new IllegalStateException("no source");
        ObjectBody body = ObjectBody.of(() -> {
            throw broken;
        });

        assertThatThrownBy(
                        () -> store.putIfAbsent(ObjectName.of("a/broken"), body).block(PATIENCE))
                .isSameAs(broken);

        assertThat(names("")).isEmpty();
    }

    @Test
    public void put_ofABodyOfAnotherLengthThanItSaid_failsAndLeavesNothing() {
        for (long said : new long[] {99, 101}) {
            ObjectBody body = ObjectBody.of(() -> buffers(random(100), 30), said);

            assertThatThrownBy(() ->
                            store.putIfAbsent(ObjectName.of("short"), body).block(PATIENCE))
                    .isInstanceOf(IntegrityFailed.class)
                    .hasMessageContaining("100 bytes");
        }

        assertThat(names("")).isEmpty();
    }

    @Test
    public void put_cancelledInTheMiddle_cancelsTheBodyAndLeavesNothing() {
        Sinks.Empty<Void> stopped = Sinks.empty();
        ObjectBody body = ObjectBody.of(
                () -> buffers(random(200_000), 65_536).concatWith(Flux.never()).doOnCancel(() -> signal(stopped)));
        AtomicLong given = new AtomicLong();
        Sinks.Empty<Void> reached = Sinks.empty();

        var running = store.putIfAbsent(ObjectName.of("a/cancelled"), counted(body, given, 200_000, reached))
                .subscribe();
        reached.asMono().block(PATIENCE);
        running.dispose();

        stopped.asMono().block(PATIENCE);
        assertThat(stat("a/cancelled")).isNull();
        assertThat(names("")).isEmpty();
    }

    @Test
    public void put_cancelledAtAnyMoment_leaksNoBufferAndShowsAllOrNothing() {
        byte[] content = random(150_000);
        int rounds = 100 * Integer.getInteger("tidemark.effort", 1);
        for (int round = 0; round < rounds; round++) {
            ObjectName name = ObjectName.of("race/" + round);
            int cancelAfter = round % 5;
            AtomicInteger steps = new AtomicInteger();
            Sinks.Empty<Void> reached = Sinks.empty();
            ObjectBody body = ObjectBody.of(() -> buffers(content, 50_000)
                    .subscribeOn(Schedulers.parallel())
                    .doOnNext(buffer -> {
                        if (steps.getAndIncrement() == cancelAfter) {
                            signal(reached);
                        }
                    })
                    .doFinally(end -> signal(reached)));

            var running = store.putIfAbsent(name, body).onErrorComplete().subscribe();
            reached.asMono().block(PATIENCE);
            running.dispose();

            StoredObject found = store.stat(name).block(PATIENCE);
            assertThat(found == null || found.sizeBytes() == content.length).isTrue();
        }
        // The check for leaks is the extension's, behind every test.
    }

    // 3: nothing is overwritten

    @Test
    public void put_ofAPresentName_isPresentAndChangesNothing() {
        put("taken", bytes("first"));

        PutOutcome outcome = put("taken", bytes("second, and longer"));

        assertThat(outcome).isEqualTo(PutOutcome.PRESENT);
        assertThat(read("taken")).isEqualTo(bytes("first"));
    }

    @Test
    public void put_byManyAtOnce_isCreatedOnceAndWhole() {
        int writers = 8;
        int rounds = 10 * Integer.getInteger("tidemark.effort", 1);
        for (int round = 0; round < rounds; round++) {
            ObjectName name = ObjectName.of("deep/er/race-" + round);
            List<PutOutcome> outcomes = new CopyOnWriteArrayList<>();
            Flux.range(0, writers)
                    .flatMap(
                            writer -> store.putIfAbsent(name, ObjectBody.of(filled(20_000, writer)))
                                    .subscribeOn(Schedulers.boundedElastic()),
                            writers)
                    .doOnNext(outcomes::add)
                    .then()
                    .block(PATIENCE);

            assertThat(outcomes).hasSize(writers);
            assertThat(Collections.frequency(outcomes, PutOutcome.CREATED)).isEqualTo(1);
            byte[] content = read(name.value());
            assertThat(content).isEqualTo(filled(20_000, content[0]));
        }
    }

    // 4: absent means absent

    @Test
    public void get_ofAnAbsentName_isMissing() {
        put("a/b", bytes("x"));

        for (String name : List.of("none", "a/none", "none/b", "a/b.c")) {
            StepVerifier.create(store.get(ObjectName.of(name)))
                    .expectError(ObjectMissing.class)
                    .verify(PATIENCE);
            StepVerifier.create(store.get(ObjectName.of(name), ByteRange.of(0, 0)))
                    .expectError(ObjectMissing.class)
                    .verify(PATIENCE);
        }
    }

    @Test
    public void stat_tellsNameAndSize_andIsEmptyWithoutObject() {
        put("a/b", bytes("hello"));

        StoredObject found = stat("a/b");

        assertThat(found)
                .returns(ObjectName.of("a/b"), StoredObject::name)
                .returns(5L, StoredObject::sizeBytes)
                .extracting(StoredObject::modified)
                .isNotNull();
        assertThat(stat("a/c")).isNull();
        assertThat(stat("c/c")).isNull();
    }

    // 5: all or an error

    @Test
    public void getRange_anywhere_isExactlyTheRange() {
        byte[] content = random(200_000);
        put("ranged", content);
        Random random = new Random(SEED);

        for (int round = 0; round < 200; round++) {
            int from = random.nextInt(content.length + 1);
            int length = random.nextInt(content.length - from + 1);

            byte[] part = collect(store.get(ObjectName.of("ranged"), ByteRange.of(from, length)));

            assertThat(part)
                    .as("seed %d, from %d, length %d", SEED, from, length)
                    .isEqualTo(Arrays.copyOfRange(content, from, from + length));
        }
    }

    @Test
    public void getRange_beyondTheEnd_isAnErrorWithoutAByte() {
        put("ranged", random(1000));

        for (ByteRange range :
                List.of(ByteRange.of(0, 1001), ByteRange.of(999, 2), ByteRange.of(1001, 0), ByteRange.of(5000, 1))) {
            StepVerifier.create(store.get(ObjectName.of("ranged"), range))
                    .expectError(IntegrityFailed.class)
                    .verify(PATIENCE);
        }
    }

    @Test
    public void get_withoutDemand_givesNothing_andWithItOneAtATime() {
        put("slow", random(200_000));

        StepVerifier.create(store.get(ObjectName.of("slow")).doOnNext(ByteBuf::release), 0)
                .expectSubscription()
                .thenRequest(1)
                .expectNextCount(1)
                .thenRequest(1)
                .expectNextCount(1)
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    public void get_cancelledAfterOneBuffer_leaksNothing() {
        put("big", random(1_000_000));

        for (int round = 0; round < 50; round++) {
            StepVerifier.create(store.get(ObjectName.of("big")).doOnNext(ByteBuf::release), 1)
                    .expectNextCount(1)
                    .thenCancel()
                    .verify(PATIENCE);
        }

        assertThat(read("big")).hasSize(1_000_000);
    }

    @Test
    public void get_byManyAtOnce_givesEachTheWhole() {
        byte[] content = random(500_000);
        put("shared", content);

        List<byte[]> all = Flux.range(0, 8)
                .flatMap(
                        reader -> Mono.fromCallable(() -> reader)
                                .flatMap(same -> collected(store.get(ObjectName.of("shared"))))
                                .subscribeOn(Schedulers.parallel()),
                        8)
                .collectList()
                .block(PATIENCE);

        assertThat(all).hasSize(8).allSatisfy(read -> assertThat(read).isEqualTo(content));
    }

    @Test
    public void get_givesBuffersThatTheReceiverOwns() {
        put("owned", random(70_000));

        List<ByteBuf> buffers = now(store.get(ObjectName.of("owned")).collectList());

        assertThat(buffers)
                .isNotEmpty()
                .allSatisfy(buffer -> assertThat(buffer.refCnt()).isEqualTo(1));
        buffers.forEach(ByteBuf::release);
    }

    // list

    @Test
    public void list_isInTheOrderOfNamesBytes_acrossDirectories() {
        List<String> names = List.of(
                "a-b", "a.b", "a/b", "a/b/c", "a0", "aB", "a_", "ab", "A/z", "b/x", "B", "a/a-/z", "a/a/z", "a/a.z",
                "0/1", "z");
        List<String> shuffled = new ArrayList<>(withoutParents(names));
        Collections.shuffle(shuffled, new Random(SEED));
        shuffled.forEach(name -> put(name, bytes(name)));

        List<String> listed = names("");

        assertThat(listed).isSorted().containsExactlyInAnyOrderElementsOf(withoutParents(names));
    }

    @Test
    public void list_ofRandomNames_isTheSortedSet() {
        Random random = new Random(SEED);
        List<String> names = new ArrayList<>();
        String letters = "ab.-_0Z";
        for (int i = 0; i < 150; i++) {
            StringBuilder name = new StringBuilder();
            for (int part = random.nextInt(3); part >= 0; part--) {
                name.append("ab0Z".charAt(random.nextInt(4)));
                for (int length = random.nextInt(3); length > 0; length--) {
                    name.append(letters.charAt(random.nextInt(letters.length())));
                }
                // A directory never bears the name of an object: "d" ends directories only.
                name.append(part > 0 ? "d/" : "f");
            }
            names.add(name.toString());
        }
        names.forEach(name -> put(name, bytes("x")));

        List<String> listed = names("");

        assertThat(listed)
                .as("seed %d", SEED)
                .isEqualTo(names.stream().distinct().sorted().toList());
        for (String prefix : List.of("a", "a.", "ad/", "bd/Z", "0", "Z-", "ad/ad/", "zz")) {
            assertThat(names(prefix))
                    .as("seed %d, prefix %s", SEED, prefix)
                    .isEqualTo(listed.stream()
                            .filter(name -> name.startsWith(prefix))
                            .toList());
        }
    }

    @Test
    public void list_byPrefix_takesPartsOfNames() {
        for (String name :
                List.of("1/wal/00000001/0A", "1/wal/00000001.history", "1/wal/00000002/0B", "2/wal/00000001/0C")) {
            put(name, bytes("x"));
        }

        assertThat(names("1/wal/00000001")).containsExactly("1/wal/00000001.history", "1/wal/00000001/0A");
        assertThat(names("1/wal/00000001/")).containsExactly("1/wal/00000001/0A");
        assertThat(names("1/wal/0000000")).hasSize(3);
        assertThat(names("3")).isEmpty();
        assertThat(names("1/wal/00000001/0A")).containsExactly("1/wal/00000001/0A");
        assertThat(names("1/wal/00000001/0A/")).isEmpty();
    }

    @Test
    public void list_ofAPrefixThatNoNameHas_isRefused() {
        for (String prefix : List.of("/", "../", ".tmp/", "a//", "a/../b", "a b", "/etc/passwd")) {
            StepVerifier.create(store.list(prefix))
                    .expectError(InvalidName.class)
                    .verify(PATIENCE);
        }
    }

    @Test
    public void list_takenOnlyInPart_canBeCancelled() {
        for (int i = 0; i < 20; i++) {
            put("n/" + i, bytes("x"));
        }

        assertThat(store.list("n/")
                        .take(3)
                        .map(object -> object.name().value())
                        .collectList()
                        .block(PATIENCE))
                .containsExactly("n/0", "n/1", "n/10");
    }

    // delete

    @Test
    public void delete_removesTheObject_andAnAbsentOneIsFine() {
        put("a/b", bytes("x"));
        put("a/c", bytes("y"));

        store.delete(ObjectName.of("a/b")).block(PATIENCE);
        store.delete(ObjectName.of("a/b")).block(PATIENCE);
        store.delete(ObjectName.of("no/such")).block(PATIENCE);

        assertThat(stat("a/b")).isNull();
        assertThat(names("")).containsExactly("a/c");
        assertThat(put("a/b", bytes("again"))).isEqualTo(PutOutcome.CREATED);
    }

    // leftovers, locks

    @Test
    public void leftovers_afterFinishedAndFailedPuts_areNone() {
        put("a/b", random(100_000));
        ObjectBody broken = ObjectBody.of(
                () -> buffers(random(300_000), 65_536).concatWith(Flux.error(new IllegalStateException("broke"))));
        var unused = store.putIfAbsent(ObjectName.of("a/broken"), broken)
                .onErrorComplete()
                .block(PATIENCE);

        assertThat(now(store.leftovers().collectList())).isEmpty();
    }

    @Test
    public void retain_ofAnObject_completesAndChangesNothingElse() {
        put("kept", bytes("x"));

        store.retain(ObjectName.of("kept"), Instant.EPOCH).block(PATIENCE);

        assertThat(read("kept")).isEqualTo(bytes("x"));
    }

    @Test
    public void capabilitiesAndLocation_areSaid() {
        assertThat(store.capabilities().concurrency()).isPositive();
        assertThat(store.location()).isNotBlank();
    }

    protected final PutOutcome put(String name, byte[] content) {
        return now(store.putIfAbsent(ObjectName.of(name), ObjectBody.of(content)));
    }

    protected final byte[] read(String name) {
        return collect(store.get(ObjectName.of(name)));
    }

    protected final List<String> names(String prefix) {
        return now(store.list(prefix).map(object -> object.name().value()).collectList());
    }

    protected final @Nullable StoredObject stat(String name) {
        return store.stat(ObjectName.of(name)).block(PATIENCE);
    }

    protected static byte[] random(int size) {
        byte[] content = new byte[size];
        new Random(SEED + size).nextBytes(content);
        return content;
    }

    protected static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    protected static Flux<ByteBuf> buffers(byte[] content, int size) {
        return Flux.generate(() -> 0, (at, sink) -> {
            if (at >= content.length) {
                sink.complete();
                return at;
            }
            int length = Math.min(size, content.length - at);
            sink.next(ByteBufAllocator.DEFAULT.buffer(length, length).writeBytes(content, at, length));
            return at + length;
        });
    }

    protected static byte[] collect(Flux<ByteBuf> buffers) {
        return now(collected(buffers));
    }

    /** What a Mono emits, which it must. */
    protected static <T> T now(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(PATIENCE));
    }

    private static void signal(Sinks.Empty<Void> sink) {
        // Also a second time, which changes nothing.
        var unused = sink.tryEmitEmpty();
    }

    private static Mono<byte[]> collected(Flux<ByteBuf> buffers) {
        return buffers.collect(ByteArrayOutputStream::new, ObjectStoreContract::append)
                .doOnDiscard(ByteBuf.class, ReferenceCountUtil::safeRelease)
                .map(ByteArrayOutputStream::toByteArray);
    }

    private static void append(ByteArrayOutputStream to, ByteBuf buffer) {
        try {
            buffer.readBytes(to, buffer.readableBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            buffer.release();
        }
    }

    private static ObjectBody counted(ObjectBody body, AtomicLong given, long until, Sinks.Empty<Void> reached) {
        return ObjectBody.of(() -> body.bytes().doOnNext(buffer -> {
            if (given.addAndGet(buffer.readableBytes()) == until) {
                signal(reached);
            }
        }));
    }

    private static byte[] filled(int size, int value) {
        byte[] content = new byte[size];
        Arrays.fill(content, (byte) value);
        return content;
    }

    /** An object cannot be a directory for others: not in every store. */
    private static List<String> withoutParents(List<String> names) {
        return names.stream()
                .filter(name -> names.stream().noneMatch(other -> other.startsWith(name + "/")))
                .toList();
    }
}
