package io.tidemark.pipeline.keys;

import static io.tidemark.pipeline.keys.Await.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.crypto.keyset.RecoveryPrivateKey;
import io.tidemark.crypto.keyset.SealingKeyset;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.sinks.AccessRefused;
import io.tidemark.sinks.StoreUnavailable;
import io.tidemark.sinks.testing.Fault;
import io.tidemark.sinks.testing.FaultyStore;
import io.tidemark.sinks.testing.RecordingStore;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

class KeysetAccessTest {
    private final TestCluster cluster = TestCluster.initialised(1);

    @Test
    void open_oneGeneration_givesItsKeysetByOneReadOfTheKey() {
        OpenedKeyset opened = open(cluster.access());

        assertThat(opened.generation().number()).isEqualTo(1);
        assertThat(opened.derivations().rootHex()).isEqualTo(cluster.root());
        assertThat(opened.sealing().id()).isEqualTo(cluster.keyset.primary().id());
        assertThat(cluster.key.fetches).hasValue(2);
        assertThat(cluster.events).isEmpty();
    }

    @Test
    void open_severalGenerations_usesTheHighest() {
        cluster.keyset = cluster.keyset.withNewPrimary();
        cluster.store(2);
        cluster.keyset = cluster.keyset.withNewPrimary();
        cluster.store(3);

        OpenedKeyset opened = open(cluster.access());

        assertThat(opened.generation().number()).isEqualTo(3);
        assertThat(opened.keyset().newestFirst()).hasSize(3);
        assertThat(opened.problems()).isEmpty();
    }

    @Test
    void open_byTheRecoveryKeyWithTheRoot_givesTheKeyset() {
        OpenedKeyset opened = open(cluster.recoveryAccess(RootExpectation.exactly(cluster.root())));

        assertThat(opened.keyset().commitment()).isEqualTo(cluster.keyset.commitment());
    }

    @Test
    void open_byTheRecoveryKeyWithoutRoot_isRefusedAsUsage() {
        assertThatThrownBy(() -> open(cluster.recoveryAccess(RootExpectation.notConfigured())))
                .isInstanceOf(UsageError.class)
                .hasMessageContaining("no root is configured");
    }

    @Test
    void open_byTheRecoveryKeyWithRootUnknown_isAcceptedLoudly() {
        OpenedKeyset opened = open(cluster.recoveryAccess(RootExpectation.anything()));

        assertThat(opened.derivations().rootHex()).isEqualTo(cluster.root());
        assertThat(cluster.events)
                .singleElement()
                .satisfies(event -> assertThat(event.kind()).isEqualTo(KeysEvent.ROOT_NOT_CHECKED));
    }

    @Test
    void open_generationForgedForTheRecoveryKey_isReportedAndTheRightOneUsed() {
        SealingKeyset mallorys = SealingKeyset.create();
        cluster.plant(
                2,
                cluster.generation(2, mallorys, new TestKey("box", 66), cluster.recovery.publicKey())
                        .toJson());

        OpenedKeyset opened = open(cluster.recoveryAccess(RootExpectation.exactly(cluster.root())));

        assertThat(opened.generation().number()).isEqualTo(1);
        assertThat(opened.problems())
                .extracting(GenerationProblem::kind)
                .containsExactly(GenerationProblem.Kind.OTHER_ROOT);
        assertThat(cluster.events).hasSize(1);
    }

    @Test
    void open_onlyAForgedGenerationLeft_isAnIntegrityFailureThatNamesBothRoots() {
        SealingKeyset mallorys = SealingKeyset.create();
        cluster.plant(
                1,
                cluster.generation(1, mallorys, cluster.key, cluster.recovery.publicKey())
                        .toJson());

        assertThatThrownBy(() -> open(cluster.access()))
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining(cluster.root())
                .hasMessageContaining(mallorys.derive(cluster.marker.cluster()).rootHex());
    }

    @Test
    void open_wrongKeyFile_isAKeysFailureThatNamesBothCheckValues() {
        TestCluster other = TestCluster.initialised(2);
        KeysetAccess wrong = new KeysetAccess(
                List.of(new FileIdentity(other.key)),
                RootExpectation.exactly(cluster.root()),
                GenerationMemory.none(),
                cluster.log);

        assertThatThrownBy(() -> open(wrong))
                .isInstanceOf(KeysFailed.class)
                .hasMessageContaining("has check value")
                .hasMessageContaining("was made for");
    }

    @Test
    void open_wrongRootConfigured_isAnIntegrityFailure() {
        assertThatThrownBy(() -> open(cluster.access(RootExpectation.exactly("0".repeat(32)))))
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining(cluster.root());
    }

    @Test
    void open_wrongRecoveryKey_isAKeysFailure() {
        KeysetAccess wrong = new KeysetAccess(
                List.of(new RecoveryIdentity(Mono.fromSupplier(() -> RecoveryPrivateKey.generate(TestCluster.RANDOM)))),
                RootExpectation.exactly(cluster.root()),
                GenerationMemory.none(),
                cluster.log);

        assertThatThrownBy(() -> open(wrong))
                .isInstanceOf(KeysFailed.class)
                .hasMessageContaining(cluster.recovery.publicKey().id());
    }

    @Test
    void open_generationsSwappedBetweenClusters_areRefused() {
        TestCluster other = TestCluster.initialised(2);
        cluster.plant(1, other.store.content(ObjectNames.generation(1).value()));

        assertThatThrownBy(() -> open(cluster.access()))
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining("it is of cluster " + other.marker.cluster());
    }

    @Test
    void open_generationUnderAnotherNumber_isNotUsed() {
        cluster.plant(5, cluster.store.content(ObjectNames.generation(1).value()));

        OpenedKeyset opened = open(cluster.access());

        assertThat(opened.generation().number()).isEqualTo(1);
        assertThat(opened.problems())
                .extracting(GenerationProblem::what)
                .containsExactly("it says that it is generation 1");
    }

    @Test
    void open_markerOfAnotherUuid_opensNothing() {
        TestCluster other = new TestCluster(2);

        assertThatThrownBy(
                        () -> cluster.access().open(cluster.store, other.marker).block())
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining("it is of cluster " + cluster.marker.cluster());
    }

    @Test
    void open_noGeneration_isAnIntegrityFailureNeverAnEmptyKeyset() {
        cluster.store.uproot(ObjectNames.generation(1).value());

        assertThatThrownBy(() -> open(cluster.access()))
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining("no keyset generation lies in keys/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{\"format\":2}",
                "{\"format\":1,\"format\":1}",
                "{\"format\":1,\"cluster\":\"x\",\"generation\":2,\"commitment\":\"\",\"created\":\"\",\"recipients\":[]}",
                "{\"format\":1e999999999}",
                "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
                "\u0000\u0001"
            })
    void open_hostileJsonAboveAGoodGeneration_isReportedAndPassedOver(String json) {
        cluster.plant(2, json.getBytes(StandardCharsets.UTF_8));

        OpenedKeyset opened = open(cluster.access());

        assertThat(opened.generation().number()).isEqualTo(1);
        assertThat(opened.problems())
                .extracting(GenerationProblem::kind)
                .containsExactly(GenerationProblem.Kind.DAMAGED);
    }

    @Test
    void open_generationLongerThanAnyCanBe_isPassedOverBeforeItIsRead() {
        cluster.plant(2, new byte[GenerationReader.MAX_BYTES + 1]);

        OpenedKeyset opened = open(cluster.access());

        assertThat(opened.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.what()).contains("longer than"));
    }

    @Test
    void open_everyByteOfAGenerationFlipped_neverOpensToAnotherKeyset() {
        byte[] good = cluster.store.content(ObjectNames.generation(1).value());
        int step = Math.max(1, 7 / Integer.getInteger("tidemark.effort", 1));
        for (int at = 0; at < good.length; at += step) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            cluster.plant(1, bad);
            OpenedKeyset opened = cluster.access()
                    .open(cluster.store, cluster.marker)
                    .onErrorResume(RuntimeException.class, refused -> Mono.empty())
                    .block();
            // names, times and the recovery recipient's own ciphertext may change without touching what we opened
            if (opened != null) {
                assertThat(opened.keyset().commitment()).as("byte %d", at).isEqualTo(cluster.keyset.commitment());
            }
        }
    }

    @Test
    void open_numbersFarAboveTheValidOne_areNotRead() {
        cluster.plant(1002, cluster.store.content(ObjectNames.generation(1).value()));
        cluster.plant(99_999_999, new byte[0]);

        OpenedKeyset opened = open(cluster.access());

        assertThat(opened.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(GenerationProblem.Kind.TOO_FAR);
            assertThat(problem.what()).startsWith("2 generations");
        });
    }

    @Test
    void open_listingRefused_isTheStoresErrorNeverAnEmptyKeyset() {
        FaultyStore refusing = FaultyStore.of(
                cluster.store, Fault.list().named("keys/").fails(new AccessRefused("list keys/: 403", null)));

        assertThatThrownBy(() -> cluster.access().open(refusing, cluster.marker).block())
                .isInstanceOf(AccessRefused.class);
    }

    @Test
    void open_storeGoneWhileReadingAGeneration_isTransientAndNoLowerOneIsUsed() {
        cluster.keyset = cluster.keyset.withNewPrimary();
        cluster.store(2);
        FaultyStore down = FaultyStore.of(
                cluster.store, Fault.get().named("keys/00000002").fails(new StoreUnavailable("timed out", null)));

        assertThatThrownBy(() -> cluster.access().open(down, cluster.marker).block())
                .isInstanceOf(StoreUnavailable.class);
    }

    @Test
    void open_oneGenerationRefusedByTheStore_isReportedAndTheOtherUsed() {
        cluster.plant(2, new byte[0]);
        FaultyStore refusing =
                FaultyStore.of(cluster.store, Fault.get().named("keys/00000002").fails(new AccessRefused("403", null)));

        OpenedKeyset opened = one(cluster.access().open(refusing, cluster.marker));

        assertThat(opened.problems())
                .extracting(GenerationProblem::kind)
                .containsExactly(GenerationProblem.Kind.NOT_READABLE);
    }

    @Test
    void sealing_belowARememberedGeneration_isRefusedWhileReadingGoesOn() {
        cluster.keyset = cluster.keyset.withNewPrimary();
        cluster.store(2);
        RememberedHere memory = new RememberedHere();
        open(cluster.access(RootExpectation.exactly(cluster.root()), memory));
        cluster.store.uproot(ObjectNames.generation(2).value());

        OpenedKeyset opened = open(cluster.access(RootExpectation.exactly(cluster.root()), memory));

        assertThat(opened.generation().number()).isEqualTo(1);
        assertThat(opened.keyset().newestFirst()).hasSize(1);
        assertThatThrownBy(opened::sealing)
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining("has used keyset generation 2");
    }

    @Test
    void openRemembered_nothingRotatedSince_opensWithoutAListing() {
        RememberedHere memory = new RememberedHere();
        KeysetAccess access = cluster.access(RootExpectation.exactly(cluster.root()), memory);
        open(access);
        RecordingStore store = new RecordingStore(cluster.store);

        OpenedKeyset opened = one(access.openRemembered(store, cluster.marker));

        assertThat(opened.sealing().id()).isEqualTo(cluster.keyset.primary().id());
        assertThat(store.taken()).containsExactlyInAnyOrder("GET keys/00000001.json", "GET keys/00000002.json");
    }

    @Test
    void openRemembered_aForgedNextOne_doesNotHideTheOneAboveIt() {
        RememberedHere memory = new RememberedHere();
        KeysetAccess access = cluster.access(RootExpectation.exactly(cluster.root()), memory);
        open(access);
        cluster.plant(2, "{}".getBytes(StandardCharsets.UTF_8));
        cluster.keyset = cluster.keyset.withNewPrimary();
        cluster.store(3);

        OpenedKeyset opened = one(access.openRemembered(cluster.store, cluster.marker));

        assertThat(opened.generation().number()).isEqualTo(3);
        assertThat(opened.sealing().id()).isEqualTo(cluster.keyset.primary().id());
    }

    @Test
    void openRemembered_rememberedOneDamagedOrGone_isSearchedForAndWritingRefused() {
        for (byte[] left : new byte[][] {"{}".getBytes(StandardCharsets.UTF_8), null}) {
            TestCluster rolled = TestCluster.initialised(1);
            RememberedHere memory = new RememberedHere();
            KeysetAccess access = rolled.access(RootExpectation.exactly(rolled.root()), memory);
            rolled.keyset = rolled.keyset.withNewPrimary();
            rolled.store(2);
            one(access.open(rolled.store, rolled.marker));
            rolled.store.uproot(ObjectNames.generation(2).value());
            if (left != null) {
                rolled.plant(2, left);
            }

            OpenedKeyset opened = one(access.openRemembered(rolled.store, rolled.marker));

            assertThat(opened.generation().number()).isEqualTo(1);
            assertThatThrownBy(opened::sealing).isInstanceOf(IntegrityFailed.class);
        }
    }

    @Test
    void openRemembered_storeThatCannotSayWhetherTheNextOneIsThere_isListed() {
        RememberedHere memory = new RememberedHere();
        KeysetAccess access = cluster.access(RootExpectation.exactly(cluster.root()), memory);
        open(access);
        RecordingStore store = new RecordingStore(FaultyStore.of(
                cluster.store, Fault.get().named("keys/00000002").fails(new AccessRefused("403", null))));

        OpenedKeyset opened = one(access.openRemembered(store, cluster.marker));

        assertThat(opened.generation().number()).isEqualTo(1);
        assertThat(store.taken()).contains("LIST keys/");
    }

    @Test
    void refresh_afterARotationElsewhere_bringsTheNewKeyAndKeepsTheOldOnesOpen() {
        RepositoryKeyring keyring = one(RepositoryKeyring.open(cluster.access(), cluster.store, cluster.marker));
        SealingKeyset before = keyring.keyset();
        cluster.keyset = cluster.keyset.withNewPrimary();
        cluster.store(2);

        SealingKeyset after = one(keyring.refresh());

        assertThat(after.primary().id()).isEqualTo(cluster.keyset.primary().id());
        assertThat(keyring.generation()).isEqualTo(2);
        assertThat(before.json().length()).isPositive();
        keyring.close();
        assertThatThrownBy(() -> before.json().duplicate()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void survey_ofGoodAndBad_saysWhatEachIs() {
        cluster.plant(2, "{}".getBytes(StandardCharsets.UTF_8));
        cluster.keyset = cluster.keyset.withNewPrimary();
        cluster.store(3);

        List<GenerationStatus> statuses =
                one(cluster.access().survey(cluster.store, cluster.marker).collectList());

        assertThat(statuses).extracting(GenerationStatus::number).containsExactly(1, 2, 3);
        assertThat(statuses).extracting(GenerationStatus::keys).containsExactly(1, 0, 2);
        assertThat(statuses.get(1).problem()).isNotNull();
    }

    private OpenedKeyset open(KeysetAccess access) {
        return one(access.open(cluster.store, cluster.marker));
    }

    private static final class RememberedHere implements GenerationMemory {
        private int highest;

        @Override
        public Mono<Recollection> recall(String cluster, String location) {
            return Mono.fromSupplier(() -> new Recollection(highest, highest > 0));
        }

        @Override
        public Mono<Void> remember(String cluster, String location, int generation) {
            return Mono.fromRunnable(() -> highest = Math.max(highest, generation));
        }
    }
}
