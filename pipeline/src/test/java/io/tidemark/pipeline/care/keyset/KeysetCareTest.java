package io.tidemark.pipeline.care.keyset;

import static io.tidemark.pipeline.keys.Await.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.crypto.keyset.RecoveryPrivateKey;
import io.tidemark.pipeline.care.init.InitAdmission;
import io.tidemark.pipeline.care.init.InitTarget;
import io.tidemark.pipeline.care.init.Initialise;
import io.tidemark.pipeline.care.init.Initialise.RecoveryKey;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.config.Requirement;
import io.tidemark.pipeline.config.StoreFailed;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.keys.FileIdentity;
import io.tidemark.pipeline.keys.GenerationMaker;
import io.tidemark.pipeline.keys.GenerationMemory;
import io.tidemark.pipeline.keys.GenerationStore;
import io.tidemark.pipeline.keys.KeysetAccess;
import io.tidemark.pipeline.keys.OpenedKeyset;
import io.tidemark.pipeline.keys.RecipientChoice;
import io.tidemark.pipeline.keys.RepositoryAccess;
import io.tidemark.pipeline.keys.RootExpectation;
import io.tidemark.pipeline.keys.TestKey;
import io.tidemark.pipeline.keys.provider.KeyReference;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.StoreException;
import io.tidemark.sinks.StoreUnavailable;
import io.tidemark.sinks.testing.Fault;
import io.tidemark.sinks.testing.FaultyStore;
import io.tidemark.sinks.testing.MeddlingStore;
import io.tidemark.sinks.testing.MemoryStore;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class KeysetCareTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-27T02:00:00Z"), ZoneOffset.UTC);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final StoreException DOWN = new StoreUnavailable("timed out", null);

    private final TestKey key = new TestKey("box", 1);
    private final MemoryStore first = new MemoryStore("/a/prod");
    private final MemoryStore second = new MemoryStore("/b/prod");
    private KeysetAccess access = access(RootExpectation.notConfigured());

    @BeforeEach
    void initialise() {
        Initialise initialise = new Initialise(
                "prod",
                access,
                new RepositoryAccess(access, Schedulers.immediate()),
                maker(),
                new InitAdmission(null, InitAdmission.Mode.REFUSE, CLOCK, "test", Schedulers.immediate()),
                CLOCK,
                RANDOM);
        String root = one(initialise.run(
                        List.of(
                                new InitTarget("a", Requirement.REQUIRED, Mono.just(first)),
                                new InitTarget("b", Requirement.OPTIONAL, Mono.just(second))),
                        RecoveryKey.REQUIRED))
                .root();
        access = access(RootExpectation.exactly(root));
    }

    @Test
    void rotate_allReachable_putsIdenticalBytesEverywhereAndSealsWithTheNewKey() {
        long before = open(first).sealing().id();

        RotationReport report = rotate(first, second);

        assertThat(report.outcome()).isEqualTo(RotationReport.Outcome.ROTATED);
        assertThat(report.generation()).isEqualTo(2);
        assertThat(first.content("keys/00000002.json")).isEqualTo(second.content("keys/00000002.json"));
        assertThat(open(first).sealing().id()).isNotEqualTo(before);
        assertThat(open(first).keyset().newestFirst()).hasSize(2);
        assertThat(open(first).derivations().rootHex())
                .isEqualTo(open(second).derivations().rootHex());
    }

    @Test
    void rotate_optionalRepositoryDown_staysBehindThereAndSealsWithTheOldKey() {
        ObjectStore down = FaultyStore.of(second, Fault.put().fails(DOWN));

        RotationReport report = rotate(first, down);

        assertThat(report.behind())
                .extracting(RotationReport.Behind::repository)
                .containsExactly("b");
        assertThat(open(first).generation().number()).isEqualTo(2);
        assertThat(open(second).generation().number()).isEqualTo(1);
        assertThat(open(second).sealing()).isNotNull();
    }

    @Test
    void rotate_killedBetweenRepositories_isCompletedByTheNextRunWithoutAFurtherKey() {
        ObjectStore down = FaultyStore.of(second, Fault.put().named("00000002").fails(DOWN));
        assertThatThrownBy(() -> rotateRequired(first, down))
                .isInstanceOf(StoreFailed.class)
                .hasMessageContaining("has not got keyset generation 2");

        RotationReport report = rotateRequired(first, second);

        assertThat(report.outcome()).isEqualTo(RotationReport.Outcome.COMPLETED);
        assertThat(report.generation()).isEqualTo(2);
        assertThat(second.content("keys/00000002.json")).isEqualTo(first.content("keys/00000002.json"));
        assertThat(rotateRequired(first, second).generation()).isEqualTo(3);
    }

    @Test
    void rotate_answerOfTheDecidingPutLost_makesOneGeneration() {
        ObjectStore losing = FaultyStore.of(first, Fault.put().nth(1).losesItsAnswer(DOWN));

        RotationReport report = rotate(losing, second);

        assertThat(report.generation()).isEqualTo(2);
        assertThat(first.names()).contains("keys/00000002.json").doesNotContain("keys/00000003.json");
        assertThat(second.content("keys/00000002.json")).isEqualTo(first.content("keys/00000002.json"));
    }

    @Test
    void rotate_twoAtOnce_loserReadsAgainAndBuildsOnTheWinner() {
        // the other rotation wins exactly between this one's listing and its put
        ObjectStore racing = new MeddlingStore(first, () -> rotate(first, second));

        RotationReport report = rotate(racing, second);

        assertThat(report.generation()).isEqualTo(3);
        assertThat(open(first).keyset().newestFirst()).hasSize(3);
        assertThat(second.content("keys/00000002.json")).isEqualTo(first.content("keys/00000002.json"));
        assertThat(second.content("keys/00000003.json")).isEqualTo(first.content("keys/00000003.json"));
    }

    @Test
    void rotate_numbersSquatted_takesTheNextFreeOne() {
        first.plant(ObjectNames.generation(2).value(), new byte[0]);
        second.plant(ObjectNames.generation(3).value(), new byte[0]);

        RotationReport report = rotate(first, second);

        assertThat(report.generation()).isEqualTo(4);
        assertThat(open(second).generation().number()).isEqualTo(4);
    }

    @Test
    void rotate_everyNumberInReachSquatted_isNamed() {
        for (int number = 2; number <= 1001; number++) {
            first.plant(ObjectNames.generation(number).value(), new byte[0]);
        }

        assertThatThrownBy(() -> rotate(first, second))
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining("no generation number from 2 to 1001 is free");
    }

    @Test
    void rotate_recoveryKeyGoneFromTheConfiguration_isRefusedUnlessWaived() {
        GenerationMaker without = new GenerationMaker(
                List.of(new RecipientChoice.OfFile(key, KeyReference.ONLY, RANDOM)), CLOCK, Schedulers.immediate());
        KeysetRotation rotation = new KeysetRotation(access, without);

        assertThatThrownBy(() -> one(rotation.run(roots(first, second), RecoveryKey.REQUIRED)))
                .isInstanceOf(UsageError.class);
        assertThat(one(rotation.run(roots(first, second), RecoveryKey.WAIVED)).generation())
                .isEqualTo(2);
    }

    @Test
    void prune_planned_deletesNothing() {
        rotate(first, second);

        KeysetPruning.Pruned plan = one(new KeysetPruning(access).plan(roots(first, second)));

        assertThat(plan.kept()).isEqualTo(2);
        assertThat(plan.deletions())
                .containsExactly(new KeysetPruning.Deletion("a", 1), new KeysetPruning.Deletion("b", 1));
        assertThat(first.names()).contains("keys/00000001.json");
    }

    @Test
    void prune_allHaveTheNewest_deletesTheOlderOnesAndTheKeysetStaysWhole() {
        rotate(first, second);

        one(new KeysetPruning(access).run(roots(first, second)));

        assertThat(first.names()).doesNotContain("keys/00000001.json").contains("keys/00000002.json");
        assertThat(second.names()).doesNotContain("keys/00000001.json");
        assertThat(open(first).keyset().newestFirst()).hasSize(2);
    }

    @Test
    void prune_oneRepositoryBehind_isRefused() {
        rotate(first, FaultyStore.of(second, Fault.put().fails(DOWN)));

        assertThatThrownBy(() -> one(new KeysetPruning(access).run(roots(first, second))))
                .isInstanceOf(RefusedForSafety.class);
        assertThat(first.names()).contains("keys/00000001.json");
    }

    @Test
    void prune_aForgedGenerationAbove_isNotWhatIsKept() {
        rotate(first, second);
        first.plant(ObjectNames.generation(3).value(), new byte[0]);

        KeysetPruning.Pruned pruned = one(new KeysetPruning(access).run(roots(first, second)));

        assertThat(pruned.kept()).isEqualTo(2);
        assertThat(first.names()).contains("keys/00000002.json", "keys/00000003.json");
    }

    @Test
    void status_ofEachRepository_saysWhatCountsAndWhatFails() {
        rotate(first, second);
        ObjectStore gone = FaultyStore.of(second, Fault.any().fails(DOWN));

        List<KeysetStatus.Root> status =
                one(new KeysetStatus(access).of(roots(first, gone)).collectList());

        assertThat(status).extracting(KeysetStatus.Root::used).containsExactly(2, 0);
        assertThat(status.get(0).generations()).hasSize(2);
        assertThat(status.get(1).failure()).isSameAs(DOWN);
    }

    @Test
    void put_aGenerationThatIsThere_isPresentOrTakenByItsBytes() {
        byte[] bytes = first.content("keys/00000001.json");

        assertThat(one(GenerationStore.put(first, 1, bytes))).isEqualTo(GenerationStore.Outcome.PRESENT);
        assertThat(one(GenerationStore.put(first, 1, new byte[2]))).isEqualTo(GenerationStore.Outcome.TAKEN);
        assertThat(first.content("keys/00000001.json")).isEqualTo(bytes);
    }

    private RotationReport rotate(ObjectStore one, ObjectStore other) {
        return one(new KeysetRotation(access, maker()).run(roots(one, other), RecoveryKey.REQUIRED));
    }

    private RotationReport rotateRequired(ObjectStore one, ObjectStore other) {
        return one(new KeysetRotation(access, maker())
                .run(
                        List.of(
                                new KeyRoot("a", Requirement.REQUIRED, one),
                                new KeyRoot("b", Requirement.REQUIRED, other)),
                        RecoveryKey.REQUIRED));
    }

    private static List<KeyRoot> roots(ObjectStore one, ObjectStore other) {
        return List.of(new KeyRoot("a", Requirement.REQUIRED, one), new KeyRoot("b", Requirement.OPTIONAL, other));
    }

    private OpenedKeyset open(ObjectStore store) {
        return one(RepositoryAccess.marker(store).flatMap(marker -> access.open(store, marker)));
    }

    private GenerationMaker maker() {
        return new GenerationMaker(
                List.of(
                        new RecipientChoice.OfFile(key, KeyReference.ONLY, RANDOM),
                        new RecipientChoice.OfRecovery(
                                "recovery", RecoveryPrivateKey.generate(RANDOM).publicKey())),
                CLOCK,
                Schedulers.immediate());
    }

    private KeysetAccess access(RootExpectation root) {
        return new KeysetAccess(List.of(new FileIdentity(key)), root, GenerationMemory.none(), EventLog.silent());
    }
}
