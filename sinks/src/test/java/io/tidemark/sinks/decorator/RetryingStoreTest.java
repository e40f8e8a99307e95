package io.tidemark.sinks.decorator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.tidemark.sinks.AccessRefused;
import io.tidemark.sinks.ByteRange;
import io.tidemark.sinks.IntegrityFailed;
import io.tidemark.sinks.ObjectBody;
import io.tidemark.sinks.ObjectMissing;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.PutOutcome;
import io.tidemark.sinks.StoreUnavailable;
import io.tidemark.sinks.testing.Fault;
import io.tidemark.sinks.testing.FaultyStore;
import io.tidemark.sinks.testing.MemoryStore;
import io.tidemark.sinks.testing.ObjectStoreContract;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The contract, and what becomes of failures, in virtual time. */
final class RetryingStoreTest extends ObjectStoreContract {

    private static final ObjectName NAME = ObjectName.of("a/b");
    private static final StoreUnavailable DOWN = new StoreUnavailable("reset by peer", null);
    private static final StoreUnavailable SLOW_DOWN = StoreUnavailable.slowDown("503 SlowDown", null);
    private static final RetryPolicy POLICY = new RetryPolicy(
            Duration.ofMillis(100), Duration.ofSeconds(10), Duration.ofMinutes(5), Duration.ofSeconds(30));
    private static final Duration DAY = Duration.ofDays(1);

    private final Scheduler realTimer = Schedulers.newSingle("timer", true);
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final MemoryStore behind = new MemoryStore();
    private final List<Duration> pauses = new ArrayList<>();

    @AfterEach
    void stopTimer() {
        realTimer.dispose();
    }

    @Override
    protected ObjectStore emptyStore() {
        return new RetryingStore(
                new MemoryStore(),
                RetryPolicy.within(Duration.ofMinutes(1)),
                new Random(1),
                realTimer,
                (o, w, p) -> {});
    }

    @Test
    void put_thatFailsForAWhile_readsItsBodyAgainAndSucceeds() {
        AtomicInteger readings = new AtomicInteger();
        ObjectBody body = ObjectBody.of(() -> {
            readings.incrementAndGet();
            return ObjectBody.of(random(100_000)).bytes();
        });
        RetryingStore store = over(Fault.put().untilAfter(3).cutAfter(10, DOWN));

        eventually(store.putIfAbsent(NAME, body)).expectNext(PutOutcome.CREATED).verifyComplete();

        assertThat(readings).hasValue(4);
        assertThat(behind.content("a/b")).isEqualTo(random(100_000));
        assertThat(pauses).hasSize(3);
    }

    @Test
    void t99_put_whoseAnswerIsLost_meetsItsOwnObject() {
        RetryingStore store = over(Fault.put().nth(1).losesItsAnswer(DOWN));

        eventually(store.putIfAbsent(NAME, ObjectBody.of(bytes("x"))))
                .expectNext(PutOutcome.PRESENT)
                .verifyComplete();
    }

    @Test
    void t17_put_thatHangs_isEndedAndTriedAgain() {
        RetryingStore store = over(Fault.put().untilAfter(1).hangs());

        eventually(store.putIfAbsent(NAME, ObjectBody.of(bytes("x"))))
                .expectNext(PutOutcome.CREATED)
                .verifyComplete();

        assertThat(pauses).hasSize(1);
    }

    @Test
    void put_whoseSourceIsSlow_isNotTheStoresFault() {
        ObjectBody slow = ObjectBody.of(() -> Mono.delay(Duration.ofHours(1), time)
                .flatMapMany(later -> ObjectBody.of(bytes("x")).bytes()));

        eventually(over().putIfAbsent(NAME, slow))
                .expectNext(PutOutcome.CREATED)
                .verifyComplete();

        assertThat(pauses).isEmpty();
    }

    @Test
    void aFailureThatIsNotTransient_isNotTriedAgain() {
        AccessRefused refused = new AccessRefused("403", null);

        eventually(over(Fault.any().fails(refused)).stat(NAME))
                .expectErrorMatches(refused::equals)
                .verify();

        assertThat(pauses).isEmpty();
    }

    @Test
    void aStoreThatHasNeverAnswered_isGivenUpSooner() {
        RetryingStore store = never(Fault.any().fails(DOWN));

        eventually(store.stat(NAME)).expectError(StoreUnavailable.class).verify();

        Duration waited = pauses.stream().reduce(Duration.ZERO, Duration::plus);
        assertThat(waited).isLessThan(Duration.ofSeconds(20));
        assertThat(pauses).hasSizeGreaterThan(2);
    }

    @Test
    void aStoreWhoseAnswerIsThatNothingIsThere_hasAnswered() {
        RetryingStore store = never(Fault.delete().fails(DOWN));

        eventually(content(store.get(NAME))).expectError(ObjectMissing.class).verify();
        eventually(store.delete(NAME)).expectError(StoreUnavailable.class).verify();

        Duration waited = pauses.stream().reduce(Duration.ZERO, Duration::plus);
        assertThat(waited).isGreaterThan(Duration.ofMinutes(4));
    }

    @Test
    void aStoreThatStaysAway_isGivenUpWithinTheDeadline_andTheErrorSaysHowOften() {
        RetryingStore store = over(Fault.any().fails(DOWN));
        List<Throwable> errors = new ArrayList<>();

        eventually(store.delete(NAME).doOnError(errors::add))
                .expectError(StoreUnavailable.class)
                .verify();

        assertThat(errors.get(0))
                .hasMessageMatching(
                        "delete memory:/a/b: given up after [0-9]+ attempts in [0-9]+\\.[0-9] s: reset by peer")
                .hasCause(DOWN);
        Duration waited = pauses.stream().reduce(Duration.ZERO, Duration::plus);
        assertThat(waited).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5));
        assertThat(pauses).allMatch(pause -> pause.compareTo(POLICY.longestPause()) <= 0);
        assertThat(pauses.get(0)).isLessThanOrEqualTo(POLICY.firstPause());
    }

    @Test
    void t17_aStoreThatAlwaysHangs_isGivenUpWithinTheDeadline() {
        long begun = time.now(TimeUnit.SECONDS);

        StepVerifier.create(over(Fault.any().hangs()).stat(NAME).doFinally(end -> {
                    assertThat(time.now(TimeUnit.SECONDS) - begun).isBetween(200L, 330L);
                }))
                .then(() -> passTime(Duration.ofMinutes(10)))
                .expectError(StoreUnavailable.class)
                .verify();
    }

    @Test
    void get_cutAgainAndAgain_goesOnBehindTheLastByte() {
        behind.plant("a/b", random(1_000_000));
        RetryingStore store = over(Fault.get().untilAfter(9).cutAfter(100_000, DOWN));

        eventually(store.get(NAME).as(RetryingStoreTest::content))
                .assertNext(content -> assertThat(content).isEqualTo(random(1_000_000)))
                .verifyComplete();

        // after each progress the pauses begin anew
        assertThat(pauses).hasSize(9).allMatch(pause -> pause.compareTo(POLICY.firstPause()) <= 0);
    }

    @Test
    void get_cutAtEveryBorder_neverRepeatsAByte() {
        byte[] all = random(200_000);
        behind.plant("a/b", all);
        for (long cut : new long[] {0, 1, 65_535, 65_536, 65_537, 199_999, 200_000}) {
            eventually(over(Fault.get().nth(1).cutAfter(cut, DOWN)).get(NAME).as(RetryingStoreTest::content))
                    .assertNext(content -> assertThat(content).isEqualTo(all))
                    .verifyComplete();
        }
    }

    @Test
    void getRange_thatIsCutOrEndsEarly_isExactlyTheRange() {
        byte[] all = random(300_000);
        behind.plant("a/b", all);
        byte[] expected = Arrays.copyOfRange(all, 1_000, 251_000);
        ByteRange range = ByteRange.of(1_000, 250_000);

        eventually(over(Fault.get().untilAfter(2).cutAfter(70_000, DOWN))
                        .get(NAME, range)
                        .as(RetryingStoreTest::content))
                .assertNext(content -> assertThat(content).isEqualTo(expected))
                .verifyComplete();
        eventually(over(Fault.get().untilAfter(2).endsAfter(70_000))
                        .get(NAME, range)
                        .as(RetryingStoreTest::content))
                .assertNext(content -> assertThat(content).isEqualTo(expected))
                .verifyComplete();
    }

    @Test
    void getRange_withMoreThanWasAskedFor_isAnIntegrityFailure() {
        behind.plant("a/b", random(300));

        eventually(over(Fault.get().addsBytes(1))
                        .get(NAME, ByteRange.of(0, 300))
                        .as(RetryingStoreTest::content))
                .expectError(IntegrityFailed.class)
                .verify();
    }

    @Test
    void t17_get_thatStalls_goesOnBehindTheLastByte() {
        behind.plant("a/b", random(200_000));

        eventually(over(Fault.get().untilAfter(2).stallsAfter(70_000)).get(NAME).as(RetryingStoreTest::content))
                .assertNext(content -> assertThat(content).isEqualTo(random(200_000)))
                .verifyComplete();

        assertThat(pauses).hasSize(2);
    }

    @Test
    void get_whoseConsumerIsSlow_isNotTheStoresFault() {
        behind.plant("a/b", random(200_000));

        StepVerifier.create(over().get(NAME).doOnNext(ByteBuf::release), 1)
                .expectNextCount(1)
                .then(() -> passTime(Duration.ofHours(1)))
                .thenRequest(Long.MAX_VALUE)
                .expectNextCount(3)
                .verifyComplete();

        assertThat(pauses).isEmpty();
    }

    @Test
    void get_ofAnObjectThatVanishesInTheMiddle_isMissing() {
        behind.plant("a/b", random(200_000));
        RetryingStore store = over(Fault.get().nth(1).cutAfter(70_000, DOWN));

        eventually(store.get(NAME).doOnNext(buffer -> behind.uproot("a/b")).as(RetryingStoreTest::content))
                .expectError(ObjectMissing.class)
                .verify();
    }

    @Test
    void list_cutInTheMiddle_goesOnBehindTheLastName() {
        for (int i = 100; i < 200; i++) {
            behind.plant("wal/" + i, bytes("x"));
        }
        RetryingStore store = over(
                Fault.list().nth(1).cutAfter(30, DOWN),
                Fault.list().nth(2).stallsAfter(60),
                Fault.list().nth(3).cutAfter(40, DOWN));

        eventually(store.list("wal/").map(found -> found.name().value()).collectList())
                .assertNext(names -> assertThat(names).isEqualTo(behind.names()))
                .verifyComplete();
    }

    @Test
    void t96_aBurstOfSlowDown_spreadsTheOperationsOfAllCallers() {
        RetryingStore store = over(Fault.put().untilAfter(60).fails(SLOW_DOWN));
        List<Long> begun = new ArrayList<>();
        Flux<PutOutcome> puts = Flux.range(0, 50)
                .flatMap(
                        i -> store.putIfAbsent(ObjectName.of("o/" + i), ObjectBody.of(() -> {
                            begun.add(time.now(TimeUnit.MILLISECONDS));
                            return ObjectBody.of(bytes("x")).bytes();
                        })),
                        50);

        eventually(puts.count()).expectNext(50L).verifyComplete();

        assertThat(behind.names()).hasSize(50);
        for (int i = 1; i < begun.size(); i++) {
            assertThat(begun.get(i) - begun.get(i - 1))
                    .as("between %s and the next", i)
                    .isGreaterThan(0);
        }
    }

    @Test
    void aStoreThatNeverAsksToSlowDown_isNotPaced() {
        RetryingStore store = over(Fault.put().nth(1).fails(DOWN));

        StepVerifier.create(Flux.range(0, 500)
                        .concatMap(i -> store.putIfAbsent(ObjectName.of("o/" + i), ObjectBody.of(bytes("x"))))
                        .count())
                .then(() -> passTime(Duration.ofSeconds(1)))
                .expectNext(500L)
                .verifyComplete();
    }

    @Test
    void retryOfParts_triesOnlyWhatIsTransient() {
        AtomicInteger asked = new AtomicInteger();
        Mono<String> part = Mono.defer(() -> asked.incrementAndGet() < 4 ? Mono.error(DOWN) : Mono.just("part 7"));

        eventually(part.retryWhen(POLICY.retry("part 7", new Random(7), time)))
                .expectNext("part 7")
                .verifyComplete();
        eventually(Mono.error(new AccessRefused("403", null)).retryWhen(POLICY.retry("part 7", new Random(7), time)))
                .expectError(AccessRefused.class)
                .verify();
    }

    /** A store that has answered before. */
    private RetryingStore over(Fault... faults) {
        RetryingStore store = never(faults);
        // no fault concerns locks
        StepVerifier.create(store.retain(NAME, Instant.EPOCH)).verifyComplete();
        return store;
    }

    private RetryingStore never(Fault... faults) {
        pauses.clear();
        return new RetryingStore(
                FaultyStore.of(behind, faults),
                POLICY,
                new Random(20261127),
                time,
                (operation, why, pause) -> pauses.add(pause));
    }

    /** Lets a day pass, and goes on with what came of it. */
    private <T> StepVerifier.Step<T> eventually(Publisher<T> work) {
        return StepVerifier.create(work).then(() -> passTime(DAY));
    }

    private void passTime(Duration duration) {
        time.advanceTimeBy(duration);
    }

    private static Mono<byte[]> content(Flux<ByteBuf> buffers) {
        return buffers.collect(ByteArrayOutputStream::new, (all, buffer) -> {
                    byte[] copy = new byte[buffer.readableBytes()];
                    buffer.readBytes(copy).release();
                    all.writeBytes(copy);
                })
                .map(ByteArrayOutputStream::toByteArray);
    }
}
