package io.tidemark.pipeline.care.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.pipeline.care.check.store.Fixture;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.Requirement;
import io.tidemark.pipeline.config.StoreFailed;
import io.tidemark.pipeline.event.Progress;
import io.tidemark.pipeline.keys.RepositoryAccess;
import io.tidemark.pipeline.stage.Compress;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.StoreUnavailable;
import io.tidemark.sinks.testing.Fault;
import io.tidemark.sinks.testing.FaultyStore;
import io.tidemark.sinks.testing.MemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A repository filled from another one, and what may be wrong with either. */
final class CopyTest {
    private static final String PACK =
            ObjectNames.pack(Fixture.SYSTEM, Fixture.LABEL, 1).value();
    private static final String MANIFEST =
            ObjectNames.manifest(Fixture.SYSTEM, Fixture.LABEL).value();
    private static final StoreUnavailable DOWN = new StoreUnavailable("down", null);

    private final Fixture fixture = new Fixture();
    /** As `init` makes a second repository: marker and keyset of the first. */
    private final MemoryStore target = fixture.copy("/b/prod");

    @BeforeEach
    void fillSource() {
        fixture.segments(1, 4);
        fixture.backup();
    }

    @Test
    void anEmptyRepository_isFilled_andAnotherRunFindsNothingToDo() {
        CopyReport report = copy(fixture.store, target);

        assertThat(report.problems()).isEmpty();
        assertThat(report.backups()).containsExactly(Fixture.LABEL.value());
        assertThat(report.objects()).isEqualTo(6);
        assertSameObjects();
        assertThat(copy(fixture.store, target).objects()).isZero();
    }

    @Test
    void aPlan_saysTheSameAndWritesNothing() {
        List<String> before = target.names();

        CopyReport plan = now(copying().plan(open(fixture.store), open(target), Share.WHOLE));

        assertThat(plan.objects()).isEqualTo(6);
        assertThat(plan.backups()).containsExactly(Fixture.LABEL.value());
        assertThat(target.names()).isEqualTo(before);
    }

    @Test
    void aCopyThatEndsAtAnyPut_leavesNoManifestWithoutItsPacks_andAnotherRunGoesOn() {
        for (int put = 1; put <= 7; put++) {
            MemoryStore filled = fixture.copy("/c/prod");
            List.copyOf(filled.names()).stream()
                    .filter(name -> name.startsWith(Fixture.SYSTEM.toString()))
                    .forEach(filled::uproot);
            ObjectStore failing = FaultyStore.of(filled, Fault.put().from(put).fails(DOWN));

            assertThatThrownBy(() -> copy(fixture.store, failing)).isSameAs(DOWN);
            assertThat(filled.names().contains(MANIFEST))
                    .as("manifest after put %s", put)
                    .isFalse();

            assertThat(copy(fixture.store, filled).problems()).isEmpty();
            assertThat(filled.names()).contains(MANIFEST, PACK);
        }
    }

    @Test
    void st11_aDamagedObject_isNamedAndNotCopied_andTheRestGoesOn() {
        String segment = ObjectNames.segment(Fixture.SYSTEM, Fixture.segment(4)).value();
        byte[] damaged = fixture.store.content(segment);
        damaged[damaged.length - 1] ^= 1;
        fixture.store.plant(segment, damaged);

        CopyReport report = copy(fixture.store, target);

        assertThat(report.problems()).singleElement().asString().startsWith(segment);
        assertThat(target.names()).doesNotContain(segment).contains(MANIFEST);
    }

    @Test
    void aBackupWhosePackIsDamaged_isNotPublished() {
        byte[] damaged = fixture.store.content(PACK);
        damaged[45] ^= 1;
        fixture.store.plant(PACK, damaged);

        CopyReport report = copy(fixture.store, target);

        assertThat(report.problems()).hasSize(2).anyMatch(problem -> problem.contains("lacks what the backup needs"));
        assertThat(target.names()).doesNotContain(PACK, MANIFEST);
    }

    @Test
    void aBackupWhoseWalIsMissing_isNotPublished() {
        fixture.store.uproot(
                ObjectNames.segment(Fixture.SYSTEM, Fixture.segment(3)).value());

        CopyReport report = copy(fixture.store, target);

        assertThat(report.problems()).singleElement().asString().contains("000000010000000000000003");
        assertThat(target.names()).contains(PACK).doesNotContain(MANIFEST);
    }

    @Test
    void anotherFileUnderTheSameName_isAConflictAndStays() {
        String segment = ObjectNames.segment(Fixture.SYSTEM, Fixture.segment(4)).value();
        byte[] rival = {1, 2, 3};
        target.plant(segment, rival);

        CopyReport report = copy(fixture.store, target);

        assertThat(report.problems()).singleElement().asString().startsWith(segment);
        assertThat(target.content(segment)).isEqualTo(rival);
        assertThat(target.names()).contains(MANIFEST);
    }

    @Test
    void t96_aPutThatIsAnsweredAndMadeNothing_isFound() {
        ObjectStore lying =
                FaultyStore.of(target, Fault.put().named("/wal/").nth(2).pretends());

        assertThatThrownBy(() -> copy(fixture.store, lying))
                .isInstanceOf(StoreFailed.class)
                .hasMessageContaining("does not have it");
    }

    @Test
    void shares_bringWalAndPacks_andALastRunTheManifest() {
        for (int number = 1; number <= 3; number++) {
            now(copying().run(open(fixture.store), open(target), new Share(number, 3), Progress.silent()));
        }
        assertThat(target.names()).contains(PACK).doesNotContain(MANIFEST);

        assertThat(copy(fixture.store, target).objects()).isEqualTo(1);
        assertSameObjects();
    }

    @Test
    void whatMarksARunningBackup_isNotCopied() {
        String running = Fixture.SYSTEM + "/backup/20261127T030000Z-0a0b0c/";
        fixture.store.plant(running + "intent/00000001", new byte[100]);
        fixture.store.plant(running + "pack/01/00000001", new byte[100]);

        CopyReport report = copy(fixture.store, target);

        assertThat(report.problems()).isEmpty();
        assertThat(report.notCopied()).singleElement().asString().contains("running or was interrupted");
        assertThat(target.names()).noneMatch(name -> name.startsWith(running));
    }

    @Test
    void aRepositoryOfAnotherCluster_isRefused() {
        Fixture other = new Fixture();

        Repository theirs = now(new RepositoryAccess(other.access(), Schedulers.immediate())
                .open("b", Requirement.REQUIRED, other.store));
        assertThatThrownBy(() -> now(copying().run(open(fixture.store), theirs, Share.WHOLE, Progress.silent())))
                .isInstanceOf(IntegrityFailed.class);
    }

    private void assertSameObjects() {
        for (String name : fixture.store.names()) {
            assertThat(target.content(name)).as(name).isEqualTo(fixture.store.content(name));
        }
    }

    private CopyReport copy(ObjectStore from, ObjectStore to) {
        return now(copying().run(open(from), open(to), Share.WHOLE, Progress.silent()));
    }

    private Copy copying() {
        return new Copy(fixture.access(), new Compress(1, Schedulers.immediate()), "test", Fixture.CLOCK);
    }

    private Repository open(ObjectStore store) {
        return now(
                new RepositoryAccess(fixture.access(), Schedulers.immediate()).open("a", Requirement.REQUIRED, store));
    }

    private static <T> T now(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(Duration.ofSeconds(30)));
    }
}
