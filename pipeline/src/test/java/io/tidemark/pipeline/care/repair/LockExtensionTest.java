package io.tidemark.pipeline.care.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.care.check.store.Fixture;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.config.Requirement;
import io.tidemark.pipeline.keys.RepositoryAccess;
import io.tidemark.sinks.AccessRefused;
import io.tidemark.sinks.ForwardingStore;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.StoreCapabilities;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What is locked again, and until when. */
final class LockExtensionTest {
    private static final Duration MONTH = Duration.ofDays(30);
    private static final String PACK =
            ObjectNames.pack(Fixture.SYSTEM, Fixture.LABEL, 1).value();
    private static final String MANIFEST =
            ObjectNames.manifest(Fixture.SYSTEM, Fixture.LABEL).value();

    private final Fixture fixture = new Fixture();

    @Test
    void t105_everythingThatAKeptBackupNeeds_isLockedForTheWholeTime() {
        fixture.segments(1, 4);
        fixture.backup();
        LockingStore store = new LockingStore(fixture.store, MONTH);

        LockReport report = extend(store);

        assertThat(store.locks.keySet())
                .containsExactlyInAnyOrder(
                        "tidemark.json", "keys/00000001.json", PACK, MANIFEST, segment(2), segment(3), segment(4));
        assertThat(store.locks.values()).containsOnly(Fixture.CLOCK.instant().plus(MONTH));
        assertThat(report.extended()).isEqualTo(7);
        assertThat(report.refusedCount()).isZero();
    }

    @Test
    void aBackupThatIsBeingRemoved_isLockedNoLonger() {
        fixture.segments(1, 4);
        fixture.backup();
        fixture.put(ObjectNames.tombstone(Fixture.SYSTEM, Fixture.LABEL), "tombstone", new byte[] {1});
        LockingStore store = new LockingStore(fixture.store, MONTH);

        extend(store);

        assertThat(store.locks.keySet()).containsExactlyInAnyOrder("tidemark.json", "keys/00000001.json");
    }

    @Test
    void aStoreThatDoesNotLock_isAskedNothing() {
        fixture.segments(1, 4);
        fixture.backup();
        LockingStore store = new LockingStore(fixture.store, Duration.ZERO);

        assertThat(extend(store).extended()).isZero();

        assertThat(store.locks).isEmpty();
    }

    @Test
    void whatIsRefused_isNamed_andTheRestIsLocked() {
        fixture.segments(1, 4);
        fixture.backup();
        LockingStore store = new LockingStore(fixture.store, MONTH) {
            @Override
            public Mono<Void> retain(ObjectName name, Instant until) {
                return name.value().equals(PACK)
                        ? Mono.error(new AccessRefused("403", null))
                        : super.retain(name, until);
            }
        };

        LockReport report = extend(store);

        assertThat(report.refused()).singleElement().asString().startsWith(PACK);
        assertThat(report.extended()).isEqualTo(6);
    }

    private static String segment(int number) {
        return ObjectNames.segment(Fixture.SYSTEM, Fixture.segment(number)).value();
    }

    private LockReport extend(ObjectStore store) {
        Mono<LockReport> extended = new RepositoryAccess(fixture.access(), Schedulers.immediate())
                .open("a", Requirement.REQUIRED, store)
                .flatMap(opened -> new LockExtension(Fixture.CLOCK).run(opened));
        return Objects.requireNonNull(extended.block(Duration.ofSeconds(30)));
    }

    private static class LockingStore extends ForwardingStore {
        final Map<String, Instant> locks = new TreeMap<>();
        private final Duration retention;

        LockingStore(ObjectStore store, Duration retention) {
            super(store);
            this.retention = retention;
        }

        @Override
        public Mono<Void> retain(ObjectName name, Instant until) {
            return Mono.fromRunnable(() -> locks.put(name.value(), until));
        }

        @Override
        public StoreCapabilities capabilities() {
            return new StoreCapabilities(StoreCapabilities.Durability.PROCESS, 16, Integer.MAX_VALUE, retention);
        }
    }
}
