package io.tidemark.sinks.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.tidemark.sinks.AccessRefused;
import io.tidemark.sinks.ByteRange;
import io.tidemark.sinks.ObjectBody;
import io.tidemark.sinks.ObjectMissing;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.PutOutcome;
import io.tidemark.sinks.StoreUnavailable;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Without faults it is the store behind it; with them it does what they say. */
final class FaultyStoreTest extends ObjectStoreContract {

    private static final ObjectName NAME = ObjectName.of("a/b");
    private static final StoreUnavailable DOWN = new StoreUnavailable("down", null);

    private final MemoryStore behind = new MemoryStore();

    @Override
    protected ObjectStore emptyStore() {
        return new FaultyStore(new MemoryStore(), List.of());
    }

    @Test
    void put_theSecond_failsAndTheThirdDoesNot() {
        FaultyStore faulty = FaultyStore.of(behind, Fault.put().nth(2).fails(DOWN));

        StepVerifier.create(put(faulty, "1").concatWith(put(faulty, "2")))
                .expectNext(PutOutcome.CREATED)
                .expectErrorMatches(DOWN::equals)
                .verify(Duration.ofSeconds(10));
        StepVerifier.create(put(faulty, "3")).expectNext(PutOutcome.CREATED).verifyComplete();

        assertThat(behind.names()).containsExactly("1", "3");
    }

    @Test
    void put_cutInItsBody_leavesNothing() {
        FaultyStore faulty = FaultyStore.of(behind, Fault.put().cutAfter(2, DOWN));

        StepVerifier.create(put(faulty, "1")).expectErrorMatches(DOWN::equals).verify();

        assertThat(behind.names()).isEmpty();
    }

    @Test
    void put_thatLosesItsAnswer_hasMadeTheObject() {
        FaultyStore faulty = FaultyStore.of(behind, Fault.put().nth(1).losesItsAnswer(DOWN));

        StepVerifier.create(put(faulty, "1")).expectErrorMatches(DOWN::equals).verify();
        StepVerifier.create(put(faulty, "1")).expectNext(PutOutcome.PRESENT).verifyComplete();

        assertThat(behind.names()).containsExactly("1");
    }

    @Test
    void get_cutOrEndedOrFlipped_isSo() {
        behind.plant("a/b", random(100_000));

        assertThat(lengthOf(
                        FaultyStore.of(behind, Fault.get().endsAfter(70_000)).get(NAME)))
                .isEqualTo(70_000);
        StepVerifier.create(FaultyStore.of(behind, Fault.get().cutAfter(10, DOWN))
                        .get(NAME)
                        .doOnNext(ByteBuf::release))
                .expectNextCount(1)
                .expectErrorMatches(DOWN::equals)
                .verify();
        byte[] flipped =
                collect(FaultyStore.of(behind, Fault.get().flips(99_999)).get(NAME));
        byte[] expected = random(100_000);
        expected[99_999] ^= 1;
        assertThat(flipped).isEqualTo(expected);
    }

    @Test
    void aWithheldName_isAbsentInEveryWay() {
        behind.plant("keys/1", bytes("x"));
        behind.plant("wal/1", bytes("x"));
        FaultyStore faulty = FaultyStore.of(behind, Fault.any().named("keys/").absent());

        StepVerifier.create(faulty.get(ObjectName.of("keys/1"), ByteRange.of(0, 1)))
                .expectError(ObjectMissing.class)
                .verify();
        StepVerifier.create(faulty.stat(ObjectName.of("keys/1"))).verifyComplete();
        StepVerifier.create(faulty.list("").map(found -> found.name().value()))
                .expectNext("wal/1")
                .verifyComplete();
    }

    @Test
    void aRefusalOfSomeNames_leavesTheOthersAlone() {
        behind.plant("keys/1", bytes("x"));
        behind.plant("wal/1", bytes("x"));
        FaultyStore faulty = FaultyStore.of(behind, Fault.get().named("keys/").fails(new AccessRefused("403", null)));

        StepVerifier.create(faulty.get(ObjectName.of("keys/1")))
                .expectError(AccessRefused.class)
                .verify();
        assertThat(lengthOf(faulty.get(ObjectName.of("wal/1")))).isEqualTo(1);
    }

    @Test
    void aHangingStore_neverAnswers() {
        FaultyStore faulty = FaultyStore.of(behind, Fault.any().hangs());

        StepVerifier.withVirtualTime(() -> faulty.stat(NAME))
                .expectSubscription()
                .expectNoEvent(Duration.ofDays(1))
                .thenCancel()
                .verify();
    }

    @Test
    void aStall_givesSoMuchAndThenNothingUntilItIsCancelled() {
        behind.plant("a/b", random(100_000));
        FaultyStore faulty = FaultyStore.of(behind, Fault.any().stallsAfter(70_000));

        StepVerifier.withVirtualTime(() -> faulty.get(NAME).doOnNext(ByteBuf::release))
                .expectNextCount(2)
                .expectNoEvent(Duration.ofDays(1))
                .thenCancel()
                .verify();
        StepVerifier.withVirtualTime(() -> faulty.putIfAbsent(ObjectName.of("c"), ObjectBody.of(random(100_000))))
                .expectSubscription()
                .expectNoEvent(Duration.ofDays(1))
                .thenCancel()
                .verify();
        assertThat(behind.names()).containsExactly("a/b");
    }

    @Test
    void aLieAboutLength_isSaidByStatAndListAndGet() {
        behind.plant("a/b", random(100));

        StepVerifier.create(FaultyStore.of(behind, Fault.stat().saysSize(7)).stat(NAME))
                .expectNextMatches(found -> found.sizeBytes() == 7)
                .verifyComplete();
        StepVerifier.create(FaultyStore.of(behind, Fault.list().saysSize(7)).list(""))
                .expectNextMatches(found -> found.sizeBytes() == 7)
                .verifyComplete();
        assertThat(lengthOf(FaultyStore.of(behind, Fault.get().addsBytes(5)).get(NAME)))
                .isEqualTo(105);
    }

    @Test
    void aPut_thatPretends_isAnsweredAndMakesNothing() {
        FaultyStore faulty = FaultyStore.of(behind, Fault.put().nth(1).pretends());

        StepVerifier.create(put(faulty, "1")).expectNext(PutOutcome.CREATED).verifyComplete();

        assertThat(behind.names()).isEmpty();
    }

    @Test
    void aPut_thatIsForgotten_isThereForSoManyCalls() {
        FaultyStore faulty = FaultyStore.of(behind, Fault.put().named("1").forgetsAfter(1));

        StepVerifier.create(put(faulty, "1")).expectNext(PutOutcome.CREATED).verifyComplete();
        StepVerifier.create(faulty.stat(ObjectName.of("1"))).expectNextCount(1).verifyComplete();
        StepVerifier.create(faulty.stat(ObjectName.of("1"))).verifyComplete();

        assertThat(behind.names()).isEmpty();
    }

    private static Flux<PutOutcome> put(ObjectStore store, String name) {
        return store.putIfAbsent(ObjectName.of(name), ObjectBody.of(bytes("content")))
                .flux();
    }

    private static int lengthOf(Flux<ByteBuf> buffers) {
        return collect(buffers).length;
    }
}
