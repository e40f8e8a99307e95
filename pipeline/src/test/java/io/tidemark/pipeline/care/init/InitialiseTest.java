package io.tidemark.pipeline.care.init;

import static io.tidemark.pipeline.keys.Await.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.crypto.keyset.RecoveryPrivateKey;
import io.tidemark.pipeline.care.init.InitReport.Outcome;
import io.tidemark.pipeline.care.init.Initialise.RecoveryKey;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.catalog.RepositoryMarker;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.Systems;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.config.Requirement;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.keys.FileIdentity;
import io.tidemark.pipeline.keys.GenerationMaker;
import io.tidemark.pipeline.keys.GenerationMemory;
import io.tidemark.pipeline.keys.KeysetAccess;
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
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class InitialiseTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-27T02:00:00Z"), ZoneOffset.UTC);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final SystemIdentifier SYSTEM = SystemIdentifier.parse("7710995161739907408");
    private static final SystemIdentifier OTHER = SystemIdentifier.parse("7710995161739907409");

    private final TestKey key = new TestKey("box", 1);
    private final MemoryStore first = new MemoryStore("/a/prod");
    private final MemoryStore second = new MemoryStore("/b/prod");

    @Test
    void run_emptyRoots_makesTheSameKeysetInBothWithMarkersOfTheirOwn() {
        InitReport report = init(first, second);

        assertThat(first.names()).containsExactly("keys/00000001.json", "tidemark.json");
        assertThat(second.names()).containsExactly("keys/00000001.json", "tidemark.json");
        assertThat(first.content("keys/00000001.json")).isEqualTo(second.content("keys/00000001.json"));
        assertThat(marker(first).cluster()).isEqualTo(marker(second).cluster()).isEqualTo(report.uuid());
        assertThat(marker(first).repository()).isNotEqualTo(marker(second).repository());
        assertThat(report.repositories()).extracting(InitReport.Made::outcome).containsOnly(Outcome.CREATED);
        assertThat(report.recipients()).hasSize(2);
    }

    @Test
    void run_again_changesNothing() {
        InitReport before = init(first, second);
        byte[] marker = first.content("tidemark.json");

        InitReport after = init(first, second);

        assertThat(after.uuid()).isEqualTo(before.uuid());
        assertThat(after.root()).isEqualTo(before.root());
        assertThat(first.content("tidemark.json")).isEqualTo(marker);
        assertThat(after.repositories()).extracting(InitReport.Made::outcome).containsOnly(Outcome.PRESENT);
    }

    @Test
    void run_aSecondRepositoryLater_takesUuidAndKeysetFromTheFirst() {
        InitReport before = init(first);

        InitReport after = init(second, first);

        assertThat(after.uuid()).isEqualTo(before.uuid());
        assertThat(after.repositories())
                .extracting(InitReport.Made::outcome)
                .containsExactly(Outcome.CREATED, Outcome.PRESENT);
        assertThat(second.content("keys/00000001.json")).isEqualTo(first.content("keys/00000001.json"));
    }

    @Test
    void run_killedAtAnyPut_isCompletedByARerunWithOneKeyset() {
        for (int puts = 0; puts < 4; puts++) {
            MemoryStore one = new MemoryStore("/one");
            MemoryStore other = new MemoryStore("/other");
            StoreException killed = new StoreUnavailable("killed", null);
            int inFirst = Math.min(puts, 2);
            assertThatThrownBy(() -> run(
                            List.of(
                                    FaultyStore.of(
                                            one, Fault.put().from(inFirst + 1L).fails(killed)),
                                    FaultyStore.of(other, Fault.put().from(1).fails(killed))),
                            null,
                            InitAdmission.Mode.REFUSE))
                    .isInstanceOf(StoreUnavailable.class);

            InitReport report = init(one, other);

            assertThat(one.names()).containsExactly("keys/00000001.json", "tidemark.json");
            assertThat(other.content("keys/00000001.json")).isEqualTo(one.content("keys/00000001.json"));
            assertThat(marker(other).cluster()).isEqualTo(report.uuid());
        }
    }

    @Test
    void run_answersOfPutsLost_endsWithOneKeysetAllTheSame() {
        StoreException lost = new StoreUnavailable("connection reset", null);

        InitReport report = run(
                List.of(
                        FaultyStore.of(first, Fault.put().nth(1).losesItsAnswer(lost)),
                        FaultyStore.of(second, Fault.put().nth(2).losesItsAnswer(lost))),
                null,
                InitAdmission.Mode.REFUSE);

        assertThat(marker(first).cluster()).isEqualTo(marker(second).cluster()).isEqualTo(report.uuid());
    }

    @Test
    void run_anotherRunWinsBetweenLookAndPut_takesItsKeysetOver() {
        List<InitReport> won = new ArrayList<>();

        InitReport report =
                run(List.of(new MeddlingStore(first, () -> won.add(init(first)))), null, InitAdmission.Mode.REFUSE);

        assertThat(report.root()).isEqualTo(won.get(0).root());
        assertThat(report.uuid()).isEqualTo(won.get(0).uuid());
    }

    @Test
    void run_withoutRecoveryKey_isRefusedUnlessWaived() {
        GenerationMaker maker = new GenerationMaker(
                List.of(new RecipientChoice.OfFile(key, KeyReference.ONLY, RANDOM)), CLOCK, Schedulers.immediate());

        assertThatThrownBy(() ->
                        one(initialise(maker, access(RootExpectation.notConfigured()), null, InitAdmission.Mode.REFUSE)
                                .run(targets(List.of(first)), RecoveryKey.REQUIRED)))
                .isInstanceOf(UsageError.class)
                .hasMessageContaining("no recovery key is configured");
        assertThat(first.names()).isEmpty();

        InitReport report =
                one(initialise(maker, access(RootExpectation.notConfigured()), null, InitAdmission.Mode.REFUSE)
                        .run(targets(List.of(first)), RecoveryKey.WAIVED));
        assertThat(report.recipients()).hasSize(1);
    }

    @Test
    void run_onlyARecoveryKey_isRefusedBecauseNobodyCouldArchive() {
        GenerationMaker maker = new GenerationMaker(List.of(recovery()), CLOCK, Schedulers.immediate());

        assertThatThrownBy(() ->
                        one(initialise(maker, access(RootExpectation.notConfigured()), null, InitAdmission.Mode.REFUSE)
                                .run(targets(List.of(first)), RecoveryKey.REQUIRED)))
                .isInstanceOf(UsageError.class)
                .hasMessageContaining("nobody could archive");
    }

    @Test
    void run_rootThatHoldsSomethingElse_isRefusedAndLeftAlone() {
        first.plant("photos/cat.jpg", new byte[3]);

        assertThatThrownBy(() -> init(first)).isInstanceOf(RefusedForSafety.class);
        assertThat(first.names()).containsExactly("photos/cat.jpg");
    }

    @Test
    void run_keysetGoneFromARootWithObjects_neverMakesANewOne() {
        init(first);
        first.plant(SYSTEM + "/wal/00000002.history", new byte[100]);
        first.uproot("keys/00000001.json");

        assertThatThrownBy(() -> init(first))
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining("no keyset generation lies in keys/");

        first.uproot("tidemark.json");
        assertThatThrownBy(() -> init(first)).isInstanceOf(RefusedForSafety.class);
    }

    @Test
    void run_keysetGoneFromOneOfTwoRoots_isCopiedBack() {
        init(first, second);
        first.uproot("keys/00000001.json");

        InitReport report = init(first, second);

        assertThat(report.repositories())
                .extracting(InitReport.Made::outcome)
                .containsExactly(Outcome.COMPLETED, Outcome.PRESENT);
        assertThat(first.content("keys/00000001.json")).isEqualTo(second.content("keys/00000001.json"));
    }

    @Test
    void run_markerGoneBesideAKeyset_isMadeAnewForTheSameCluster() {
        InitReport before = init(first);
        first.uproot("tidemark.json");

        InitReport after = init(first);

        assertThat(after.uuid()).isEqualTo(before.uuid());
        assertThat(after.root()).isEqualTo(before.root());
    }

    @Test
    void run_rootConfiguredAndNoKeysetAnywhere_isRefused() {
        assertThatThrownBy(() -> one(initialise(
                                maker(),
                                access(RootExpectation.exactly("0".repeat(32))),
                                null,
                                InitAdmission.Mode.REFUSE)
                        .run(targets(List.of(first)), RecoveryKey.REQUIRED)))
                .isInstanceOf(UsageError.class)
                .hasMessageContaining("none of the repositories holds that cluster's keyset");
        assertThat(first.names()).isEmpty();
    }

    @Test
    void t123_twoClustersSharingOneRootWithKeysOfTheirOwn_areRefused() {
        init(first);

        TestKey others = new TestKey("box", 2);
        KeysetAccess access = new KeysetAccess(
                List.of(new FileIdentity(others)),
                RootExpectation.notConfigured(),
                GenerationMemory.none(),
                EventLog.silent());
        assertThatThrownBy(() -> one(initialise(maker(), access, null, InitAdmission.Mode.REFUSE)
                        .run(targets(List.of(first)), RecoveryKey.REQUIRED)))
                .isInstanceOf(KeysFailed.class)
                .hasMessageContaining("has check value");
    }

    @Test
    void t123_rootsOfTwoClustersUnderOneName_areRefusedBeforeAnythingIsWritten() {
        init(first);
        init(second);
        MemoryStore third = new MemoryStore("/c/prod");

        assertThatThrownBy(() -> init(first, third, second))
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining("belong to different clusters");
        assertThat(third.names()).isEmpty();
    }

    @Test
    void t123_rootOfAnotherSystem_isRefusedUntilItIsLetIn() {
        init(first);
        first.plant(OTHER + "/wal/00000002.history", new byte[100]);

        assertThatThrownBy(() -> run(List.of(first), SYSTEM, InitAdmission.Mode.REFUSE))
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining("holds objects of system " + OTHER);

        run(List.of(first), SYSTEM, InitAdmission.Mode.ADMIT);
        assertThat(first.names()).contains(Systems.admission(SYSTEM).value());
        run(List.of(first), SYSTEM, InitAdmission.Mode.REFUSE);
        Systems.requireAdmitted(first, SYSTEM).block();
    }

    @Test
    void run_squattedGenerationInTheSecondRoot_isNamedAndNotOverwritten() {
        init(first);
        second.plant(ObjectNames.generation(1).value(), new byte[] {1});

        assertThatThrownBy(() -> init(first, second)).isInstanceOfAny(IntegrityFailed.class, RefusedForSafety.class);
        assertThat(second.content("keys/00000001.json")).isEqualTo(new byte[] {1});
    }

    @Test
    void opened_afterInit_sealsUnderTheKeysetOfTheReport() {
        InitReport report = init(first);

        Repository repository =
                one(new RepositoryAccess(access(RootExpectation.exactly(report.root())), Schedulers.immediate())
                        .open("a", Requirement.REQUIRED, first));

        assertThat(repository.derivations().rootHex()).isEqualTo(report.root());
        assertThat(repository.keyring().sealing()).isNotNull();
        repository.close();
    }

    private InitReport init(ObjectStore... stores) {
        return run(List.of(stores), null, InitAdmission.Mode.REFUSE);
    }

    private InitReport run(
            List<? extends ObjectStore> stores, @Nullable SystemIdentifier system, InitAdmission.Mode mode) {
        return one(initialise(maker(), access(RootExpectation.notConfigured()), system, mode)
                .run(targets(stores), RecoveryKey.REQUIRED));
    }

    private static Initialise initialise(
            GenerationMaker maker, KeysetAccess access, @Nullable SystemIdentifier system, InitAdmission.Mode mode) {
        return new Initialise(
                "prod",
                access,
                new RepositoryAccess(access, Schedulers.immediate()),
                maker,
                new InitAdmission(system, mode, CLOCK, "test", Schedulers.immediate()),
                CLOCK,
                RANDOM);
    }

    private GenerationMaker maker() {
        return new GenerationMaker(
                List.of(new RecipientChoice.OfFile(key, KeyReference.ONLY, RANDOM), recovery()),
                CLOCK,
                Schedulers.immediate());
    }

    private static RecipientChoice recovery() {
        return new RecipientChoice.OfRecovery(
                "recovery", RecoveryPrivateKey.generate(RANDOM).publicKey());
    }

    private KeysetAccess access(RootExpectation root) {
        return new KeysetAccess(List.of(new FileIdentity(key)), root, GenerationMemory.none(), EventLog.silent());
    }

    private static List<InitTarget> targets(List<? extends ObjectStore> stores) {
        List<InitTarget> targets = new ArrayList<>();
        for (int i = 0; i < stores.size(); i++) {
            targets.add(new InitTarget("r" + i, Requirement.REQUIRED, Mono.just(stores.get(i))));
        }
        return targets;
    }

    private static RepositoryMarker marker(MemoryStore store) {
        return RepositoryMarker.parse(ByteBuffer.wrap(store.content("tidemark.json")));
    }
}
