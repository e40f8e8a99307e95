package io.tidemark.sinks.decorator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.sinks.AccessRefused;
import io.tidemark.sinks.ObjectBody;
import io.tidemark.sinks.ObjectMissing;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.StoreUnavailable;
import io.tidemark.sinks.testing.Fault;
import io.tidemark.sinks.testing.FaultyStore;
import io.tidemark.sinks.testing.MemoryStore;
import io.tidemark.sinks.testing.ObjectStoreContract;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The contract, and what is counted. */
final class MeteredStoreTest extends ObjectStoreContract {

    private final Meter meter = new Meter();
    private final MemoryStore behind = new MemoryStore();

    @Override
    protected ObjectStore emptyStore() {
        return new MeteredStore(new MemoryStore(), new Meter());
    }

    @Test
    void operations_areCountedWithTheirBytes() {
        MeteredStore store = new MeteredStore(behind, meter);
        ObjectName name = ObjectName.of("a");

        now(store.putIfAbsent(name, ObjectBody.of(random(1000))));
        collect(store.get(name));
        StepVerifier.create(store.get(ObjectName.of("b")))
                .expectError(ObjectMissing.class)
                .verify();
        now(store.list("").collectList());

        assertThat(meter.of(Operation.PUT)).isEqualTo(new Meter.Traffic(1, 1000, 0, 0));
        assertThat(meter.of(Operation.GET)).isEqualTo(new Meter.Traffic(2, 1000, 0, 0));
        assertThat(meter.of(Operation.LIST)).isEqualTo(new Meter.Traffic(1, 0, 0, 0));
        assertThat(meter.of(Operation.STAT)).isEqualTo(new Meter.Traffic(0, 0, 0, 0));
    }

    @Test
    void failuresAndRetries_areCounted() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        ObjectStore faulty = FaultyStore.of(
                behind,
                Fault.stat().untilAfter(2).fails(new StoreUnavailable("down", null)),
                Fault.stat().from(3).fails(new AccessRefused("403", null)));
        RetryingStore store = new RetryingStore(
                new MeteredStore(faulty, meter), RetryPolicy.within(Duration.ofMinutes(1)), new Random(3), time, meter);

        StepVerifier.create(store.stat(ObjectName.of("a")))
                .then(() -> time.advanceTimeBy(Duration.ofMinutes(2)))
                .expectError(AccessRefused.class)
                .verify();

        assertThat(meter.of(Operation.STAT)).isEqualTo(new Meter.Traffic(3, 0, 3, 2));
    }
}
