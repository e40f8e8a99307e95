package io.tidemark.pipeline.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.Facts;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.SealedBody;
import io.tidemark.pipeline.config.Requirement;
import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.stage.Compress;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.testing.Fault;
import io.tidemark.sinks.testing.FaultyStore;
import io.tidemark.sinks.testing.MemoryStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A repository that does not answer must not hold up a backup that needs it not. */
final class TargetSetTest {
    private static final ObjectName NAME =
            ObjectNames.pack(Shelf.SYSTEM, new BackupLabel("20261127T020000Z-0a1b2c"), 1);
    private static final Duration LITTLE = Duration.ofSeconds(1);

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final List<Shelf> shelves = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();

    @AfterEach
    void close() {
        shelves.forEach(Shelf::close);
        timer.dispose();
    }

    @Test
    void put_optionalThatHangs_isDroppedAfterItsTimeAndSaidSo() {
        TargetSet set = set(
                target("local", new MemoryStore(), Requirement.REQUIRED),
                target("paris", hanging(), Requirement.OPTIONAL));

        StepVerifier.create(put(set))
                .then(() -> timer.advanceTimeBy(TargetSet.PATIENCE.minus(LITTLE)))
                .then(() -> assertThat(set.stillIn()).containsExactly("local", "paris"))
                .then(() -> timer.advanceTimeBy(LITTLE))
                .verifyComplete();

        assertThat(set.stillIn()).containsExactly("local");
        assertThat(set.whyDropped().get("paris")).contains("was not stored 120 s after the other repositories had it");
        assertThat(events).hasSize(1).allMatch(event -> event.kind() == BackupEvent.REPOSITORY_DROPPED);
        StepVerifier.create(put(set)).as("nobody waits for it again").verifyComplete();
    }

    @Test
    void put_noneRequired_lateIsWhoStillHangsWhenAnotherIsDone() {
        TargetSet set = set(
                target("oslo", hanging(), Requirement.OPTIONAL),
                target("paris", new MemoryStore(), Requirement.OPTIONAL));

        StepVerifier.create(put(set))
                .then(() -> timer.advanceTimeBy(TargetSet.PATIENCE))
                .verifyComplete();

        assertThat(set.stillIn()).containsExactly("paris");
    }

    /** A store has deadlines of its own; what nothing can be compared with is waited for. */
    @Test
    void put_requiredThatHangs_isWaitedForAndNobodyIsDropped() {
        TargetSet set =
                set(target("local", hanging(), Requirement.REQUIRED), target("paris", hanging(), Requirement.OPTIONAL));

        StepVerifier.create(put(set))
                .then(() -> timer.advanceTimeBy(TargetSet.PATIENCE.multipliedBy(10)))
                .then(() -> assertThat(set.stillIn()).containsExactly("local", "paris"))
                .thenCancel()
                .verify();
    }

    private static ObjectStore hanging() {
        return FaultyStore.of(new MemoryStore(), Fault.put().hangs());
    }

    private BackupTarget target(String name, ObjectStore store, Requirement requirement) {
        Shelf shelf = new Shelf(name, store, Schedulers.immediate());
        shelves.add(shelf);
        return shelf.target(requirement);
    }

    private TargetSet set(BackupTarget... targets) {
        return new TargetSet(List.of(targets), timer, events::add);
    }

    private static Mono<Void> put(TargetSet set) {
        SealedBody body = SealedBody.ofBytes(
                ByteBuffer.wrap(new byte[] {1, 2, 3}),
                digest -> Facts.of("pack", digest, Instant.parse("2026-11-27T02:00:00Z"), "test"),
                new Compress(3, Schedulers.immediate()));
        return set.put(NAME, body, TargetSet::requireOurs);
    }
}
