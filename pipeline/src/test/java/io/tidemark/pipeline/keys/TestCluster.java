package io.tidemark.pipeline.keys;

import static io.tidemark.pipeline.keys.Await.one;

import io.tidemark.crypto.keyset.Generation;
import io.tidemark.crypto.keyset.RecoveryPrivateKey;
import io.tidemark.crypto.keyset.RecoveryPublicKey;
import io.tidemark.crypto.keyset.SealingKeyset;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.RepositoryMarker;
import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.keys.provider.KeyProvider;
import io.tidemark.pipeline.keys.provider.KeyReference;
import io.tidemark.sinks.testing.MemoryStore;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A cluster's keys and one repository of it in memory, made by the production code; each has a uuid by its number. */
final class TestCluster {
    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-27T02:00:00Z"), ZoneOffset.UTC);
    static final SecureRandom RANDOM = new SecureRandom();

    final TestKey key;
    final RecoveryPrivateKey recovery = RecoveryPrivateKey.generate(RANDOM);
    final MemoryStore store = new MemoryStore();
    final RepositoryMarker marker;
    final List<Event> events = new ArrayList<>();
    final EventLog log = events::add;
    SealingKeyset keyset = SealingKeyset.create();

    TestCluster(int number) {
        key = new TestKey("box", number);
        marker = RepositoryMarker.of(
                String.format("3f0c9a52-7b1e-4c55-9d0e-%012x", number), "0".repeat(32), CLOCK.instant());
        store.plant(ObjectNames.MARKER.value(), marker.toJson());
    }

    /** The repository with generation 1, and its root. */
    static TestCluster initialised(int number) {
        TestCluster cluster = new TestCluster(number);
        cluster.store(1);
        return cluster;
    }

    String root() {
        return keyset.derive(marker.cluster()).rootHex();
    }

    /** A generation of the present keyset for the present recipients. */
    Generation generation(int number) {
        return generation(number, keyset, key, recovery.publicKey());
    }

    Generation generation(int number, SealingKeyset of, KeyProvider to, RecoveryPublicKey orTo) {
        return one(new GenerationMaker(
                        List.of(
                                new RecipientChoice.OfFile(to, KeyReference.ONLY, RANDOM),
                                new RecipientChoice.OfRecovery("recovery", orTo)),
                        CLOCK,
                        Schedulers.immediate())
                .make(of, marker.cluster(), number));
    }

    void store(int number) {
        plant(number, generation(number).toJson());
    }

    void plant(int number, byte[] bytes) {
        store.plant(ObjectNames.generation(number).value(), bytes);
    }

    KeysetAccess access() {
        return access(RootExpectation.exactly(root()));
    }

    KeysetAccess access(RootExpectation root) {
        return access(root, GenerationMemory.none());
    }

    KeysetAccess access(RootExpectation root, GenerationMemory memory) {
        return new KeysetAccess(List.of(new FileIdentity(key)), root, memory, log);
    }

    KeysetAccess recoveryAccess(RootExpectation root) {
        RecoveryIdentity identity = new RecoveryIdentity(Mono.fromSupplier(() -> RecoveryPrivateKey.parsePem(
                new String(
                        recovery.toPem().copy(io.tidemark.crypto.KeyAccess.insecure()),
                        java.nio.charset.StandardCharsets.US_ASCII),
                null)));
        return new KeysetAccess(List.of(identity), root, GenerationMemory.none(), log);
    }
}
