package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.config.Limits;
import io.tidemark.pipeline.event.Event;
import io.tidemark.sinks.ForwardingStore;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.StoreCapabilities;
import io.tidemark.sinks.StoreUnavailable;
import io.tidemark.sinks.decorator.Operation;
import io.tidemark.sinks.testing.Fault;
import io.tidemark.sinks.testing.FaultyStore;
import io.tidemark.sinks.testing.MemoryStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

/** What lies around which store. */
final class StoreFlowTest {
    private static final StoreUnavailable DOWN = new StoreUnavailable("reset by peer", null);
    private static final ObjectName NAME = ObjectName.of("a");

    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final StoreFlow flow =
            new StoreFlow(new Limits(1 << 20, 1, null, null), Duration.ofMinutes(1), new SecureRandom(), events::add);
    private final MemoryStore behind = new MemoryStore();

    @AfterEach
    void close() {
        flow.close().block();
    }

    @Test
    void aStoreBehindANetwork_isAskedAgain_andThatIsToldAndCounted() {
        ObjectStore store = flow.around("paris", "prod", far(Fault.stat().nth(1).fails(DOWN)));

        StepVerifier.create(store.stat(NAME)).verifyComplete();

        assertThat(flow.meters().get("paris").of(Operation.STAT).retries()).isEqualTo(1);
        assertThat(events)
                .singleElement()
                .satisfies(event -> assertThat(event.toString()).contains("paris", "reset by peer"));
    }

    @Test
    void aDirectory_isNotAskedAgain() {
        ObjectStore store = flow.around(
                "local", "prod", FaultyStore.of(behind, Fault.stat().nth(1).fails(DOWN)));

        StepVerifier.create(store.stat(NAME)).expectErrorMatches(DOWN::equals).verify();

        assertThat(events).isEmpty();
    }

    @Test
    void oneRoot_hasOneStore_soThatAllShareItsPace() {
        ObjectStore store = flow.around("paris", "prod", far());

        assertThat(flow.around("paris", "prod", far())).isSameAs(store);
        assertThat(flow.around("paris", "test", far())).isNotSameAs(store);
    }

    private ObjectStore far(Fault... faults) {
        return new FarStore(FaultyStore.of(behind, faults));
    }

    private static final class FarStore extends ForwardingStore {
        FarStore(ObjectStore store) {
            super(store);
        }

        @Override
        public StoreCapabilities capabilities() {
            return new StoreCapabilities(StoreCapabilities.Durability.SERVICE, 16, 1 << 20);
        }
    }
}
