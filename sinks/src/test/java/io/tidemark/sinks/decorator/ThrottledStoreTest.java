package io.tidemark.sinks.decorator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.tidemark.sinks.ObjectBody;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.PutOutcome;
import io.tidemark.sinks.testing.MemoryStore;
import io.tidemark.sinks.testing.ObjectStoreContract;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The contract, and the limits in virtual time. */
final class ThrottledStoreTest extends ObjectStoreContract {

    private static final int MIB = 1 << 20;

    private final Scheduler realTimer = Schedulers.newSingle("timer", true);
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final MemoryStore behind = new MemoryStore();

    @AfterEach
    void stopTimer() {
        realTimer.dispose();
    }

    @Override
    protected ObjectStore emptyStore() {
        Throttle fast = new Throttle(64L << 30, realTimer);
        return new ThrottledStore(new MemoryStore(), fast, fast);
    }

    @Test
    void put_takesAsLongAsTheLimitSays() {
        ThrottledStore store = new ThrottledStore(behind, new Throttle(MIB, time), null);
        ObjectBody body = ObjectBody.of(() -> buffers(random(10 * MIB), 65_536));

        StepVerifier.create(store.putIfAbsent(ObjectName.of("a"), body))
                .then(() -> time.advanceTimeBy(Duration.ofMillis(9_700)))
                .expectNoEvent(Duration.ZERO)
                .then(() -> time.advanceTimeBy(Duration.ofMillis(400)))
                .expectNext(PutOutcome.CREATED)
                .verifyComplete();

        assertThat(behind.content("a")).isEqualTo(random(10 * MIB));
    }

    @Test
    void getsAtOnce_shareOneLimit() {
        behind.plant("a", random(5 * MIB));
        behind.plant("b", random(5 * MIB));
        ThrottledStore store = new ThrottledStore(behind, null, new Throttle(MIB, time));
        Flux<ByteBuf> both = Flux.merge(store.get(ObjectName.of("a")), store.get(ObjectName.of("b")))
                .doOnNext(ByteBuf::release);

        StepVerifier.create(both.then(Mono.fromSupplier(() -> time.now(TimeUnit.SECONDS))))
                .then(() -> time.advanceTimeBy(Duration.ofMinutes(1)))
                .assertNext(seconds -> assertThat(seconds).isBetween(9L, 10L))
                .verifyComplete();
    }

    @Test
    void get_cancelledWhileItWaits_asksForNoMore() {
        behind.plant("a", random(5 * MIB));
        ThrottledStore store = new ThrottledStore(behind, null, new Throttle(65_536, time));

        StepVerifier.create(store.get(ObjectName.of("a")).doOnNext(ByteBuf::release))
                .expectNextCount(1)
                .thenCancel()
                .verify();
        time.advanceTimeBy(Duration.ofMinutes(10));
    }
}
