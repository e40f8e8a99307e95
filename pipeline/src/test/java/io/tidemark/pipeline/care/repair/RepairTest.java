package io.tidemark.pipeline.care.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.care.check.store.Fixture;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.Node;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.catalog.manifest.BackupKind;
import io.tidemark.pipeline.catalog.manifest.Intent;
import io.tidemark.pipeline.config.Requirement;
import io.tidemark.pipeline.keys.RepositoryAccess;
import io.tidemark.pipeline.stage.Compress;
import io.tidemark.sinks.AccessRefused;
import io.tidemark.sinks.ForwardingStore;
import io.tidemark.sinks.Leftover;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.testing.Fault;
import io.tidemark.sinks.testing.FaultyStore;
import io.tidemark.sinks.testing.MeddlingStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What goes and what stays. */
final class RepairTest {
    private static final BackupLabel LATE = new BackupLabel("20261127T030000Z-0a0b0c");
    private static final Instant BEGUN = Instant.parse("2026-11-27T03:00:00Z");
    private static final String PACK = ObjectNames.pack(Fixture.SYSTEM, LATE, 1).value();
    private static final String INTENT =
            ObjectNames.intent(Fixture.SYSTEM, LATE, 1).value();
    private static final String MANIFEST =
            ObjectNames.manifest(Fixture.SYSTEM, LATE).value();

    private final Fixture fixture = new Fixture();

    @BeforeEach
    void aWholeBackupAndAnInterruptedOne() {
        fixture.segments(1, 4);
        fixture.backup();
        Intent intent = new Intent(
                LATE, 1, BackupKind.FULL, null, new Node("db1"), BEGUN, BEGUN.plus(Duration.ofHours(6)), null);
        fixture.put(ObjectNames.intent(Fixture.SYSTEM, LATE, 1), "intent", intent.write());
        fixture.put(ObjectNames.pack(Fixture.SYSTEM, LATE, 1), "pack", new byte[] {1, 2, 3});
    }

    @Test
    void aBackupWhoseDeadlineIsPast_isGivenUpAndItsObjectsGo_andNothingElse() {
        List<String> before = new ArrayList<>(fixture.store.names());

        RepairReport report = repair(fixture.store, Duration.ofHours(7), Repair.Mode.REMOVE);

        before.removeAll(List.of(PACK, INTENT));
        before.add(MANIFEST);
        assertThat(fixture.store.names()).containsExactlyInAnyOrderElementsOf(before);
        assertThat(report.backups()).containsExactly(LATE.value());
        assertThat(report.objects()).isEqualTo(2);
        assertThat(repair(fixture.store, Duration.ofHours(8), Repair.Mode.REMOVE)
                        .backups())
                .isEmpty();
    }

    @Test
    void aDryRun_changesNothing() {
        List<String> before = fixture.store.names();

        RepairReport report = repair(fixture.store, Duration.ofHours(7), Repair.Mode.DRY_RUN);

        assertThat(report.objects()).isEqualTo(2);
        assertThat(fixture.store.names()).isEqualTo(before);
    }

    @Test
    void aBackupThatMayStillRun_isLeft() {
        List<String> before = fixture.store.names();

        RepairReport report = repair(fixture.store, Duration.ofHours(5), Repair.Mode.REMOVE);

        assertThat(fixture.store.names()).isEqualTo(before);
        assertThat(report.kept()).singleElement().asString().contains("may be running");
    }

    @Test
    void aBackupThatIsPublishedAtThisMoment_isLeft() {
        ObjectStore meddled = new MeddlingStore(
                fixture.store,
                "manifest",
                () -> fixture.put(ObjectNames.manifest(Fixture.SYSTEM, LATE), "manifest", new byte[] {1}));

        RepairReport report = repair(meddled, Duration.ofHours(7), Repair.Mode.REMOVE);

        assertThat(report.backups()).isEmpty();
        assertThat(fixture.store.names()).contains(PACK, INTENT, MANIFEST);
    }

    @Test
    void packsWithoutAnIntentThatOpens_areLeft() {
        fixture.store.plant(INTENT, new byte[100]);

        RepairReport report = repair(fixture.store, Duration.ofDays(99), Repair.Mode.REMOVE);

        assertThat(report.kept()).singleElement().asString().contains("no intent");
        assertThat(fixture.store.names()).contains(PACK).doesNotContain(MANIFEST);
    }

    @Test
    void t105_aStoreThatRefusesToDelete_isNamedAndTheRestGoesOn_andAnotherRunEndsIt() {
        ObjectStore locked =
                FaultyStore.of(fixture.store, Fault.delete().named("/pack/").fails(new AccessRefused("locked", null)));

        RepairReport report = repair(locked, Duration.ofHours(7), Repair.Mode.REMOVE);

        assertThat(report.refused()).singleElement().asString().startsWith(PACK);
        assertThat(fixture.store.names()).contains(PACK, MANIFEST).doesNotContain(INTENT);
        assertThat(repair(fixture.store, Duration.ofHours(7), Repair.Mode.REMOVE)
                        .objects())
                .isEqualTo(1);
        assertThat(fixture.store.names()).doesNotContain(PACK);
    }

    @Test
    void t102_leftoversThatAreOld_go() {
        LeavingStore leaving = new LeavingStore(fixture.store);

        RepairReport report = repair(leaving, Duration.ofHours(1), Repair.Mode.REMOVE);

        assertThat(report.leftovers()).isEqualTo(1);
        assertThat(leaving.discarded).containsExactly("old");
    }

    private RepairReport repair(ObjectStore store, Duration later, Repair.Mode mode) {
        Repository opened = now(
                new RepositoryAccess(fixture.access(), Schedulers.immediate()).open("a", Requirement.REQUIRED, store));
        Clock clock = Clock.fixed(BEGUN.plus(later), ZoneOffset.UTC);
        return now(new Repair(new Compress(1, Schedulers.immediate()), "test", clock, mode)
                .run(opened, Duration.ofDays(1)));
    }

    private static <T> T now(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(Duration.ofSeconds(30)));
    }

    private static final class LeavingStore extends ForwardingStore {
        private final List<String> discarded = new ArrayList<>();

        LeavingStore(ObjectStore store) {
            super(store);
        }

        @Override
        public Flux<Leftover> leftovers() {
            return Flux.just(
                    new Leftover("old", ".tmp/old", BEGUN.minus(Duration.ofHours(24))),
                    new Leftover("new", ".tmp/new", BEGUN.minus(Duration.ofHours(22))));
        }

        @Override
        public Mono<Void> discard(Leftover leftover) {
            return Mono.fromRunnable(() -> discarded.add(leftover.id()));
        }
    }
}
