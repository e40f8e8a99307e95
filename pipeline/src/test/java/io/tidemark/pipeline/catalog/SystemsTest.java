package io.tidemark.pipeline.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.sinks.ForwardingStore;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.StoredObject;
import io.tidemark.sinks.testing.MemoryStore;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class SystemsTest {
    private final MemoryStore store = new MemoryStore();

    @Test
    void of_anySetOfSystems_findsEachOnceInOrder() {
        long seed = 123;
        Random random = new Random(seed);
        int rounds = 20 * Integer.getInteger("tidemark.effort", 1);
        for (int round = 0; round < rounds; round++) {
            MemoryStore some = new MemoryStore();
            some.plant("tidemark.json", new byte[1]);
            some.plant("keys/00000001.json", new byte[1]);
            some.plant("index/x", new byte[1]);
            TreeSet<String> expected = new TreeSet<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                // close to each other, as identifiers made in one year are, or of any length
                String system = random.nextBoolean()
                        ? Long.toString(7_710_995_161_739_907_000L + random.nextInt(1000))
                        : Long.toString(1 + (random.nextLong() >>> (1 + random.nextInt(60))));
                expected.add(system);
                some.plant(system + "/wal/00000002.history", new byte[1]);
                some.plant(system + "/wal/00000003.history", new byte[1]);
            }

            assertThat(Systems.of(some)
                            .map(SystemIdentifier::toString)
                            .collectList()
                            .block())
                    .as("seed %d, round %d", seed, round)
                    .containsExactlyElementsOf(expected);
        }
    }

    @Test
    void t123_firstObjectOfASystem_isRefusedWhereOthersLie() {
        SystemIdentifier ours = new SystemIdentifier(12);
        store.plant("tidemark.json", new byte[1]);
        Systems.requireAdmitted(store, ours).block();

        store.plant("1/wal/00000002.history", new byte[1]);
        assertThatThrownBy(() -> Systems.requireAdmitted(store, ours).block())
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining("holds objects of system 1 and none of 12");

        store.plant(Systems.admission(ours).value(), new byte[1]);
        Systems.requireAdmitted(store, ours).block();
        store.uproot(Systems.admission(ours).value());
        store.plant("12/wal/00000002.history", new byte[1]);
        Systems.requireAdmitted(store, ours).block();
    }

    @Test
    void firstObjectsOfOneSystem_byTwoArchiversAtOnce_areAdmittedBoth() {
        SystemIdentifier ours = new SystemIdentifier(12);
        ObjectStore overtaken = new ForwardingStore(store) {
            @Override
            public Mono<StoredObject> stat(ObjectName name) {
                return super.stat(name)
                        .doOnTerminate(
                                () -> MemoryStore.class.cast(store()).plant("12/wal/00000002.history", new byte[1]));
            }
        };

        StepVerifier.create(Systems.requireAdmitted(overtaken, ours)).verifyComplete();
    }
}
