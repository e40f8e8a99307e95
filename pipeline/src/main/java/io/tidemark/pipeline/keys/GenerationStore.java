package io.tidemark.pipeline.keys;

import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.SmallObject;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.sinks.ObjectBody;
import io.tidemark.sinks.ObjectMissing;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.PutOutcome;
import io.tidemark.sinks.StoreException;
import java.nio.ByteBuffer;
import reactor.core.publisher.Mono;

/**
 * Puts generations into a repository. A generation is a plain object, so what tells one's own put from another's is its
 * bytes: they are read back whenever the store says that the name is taken, or gives no answer.
 */
public final class GenerationStore {
    private GenerationStore() {}

    /** What became of a put. */
    public enum Outcome {
        /** It is there now, durably, with these bytes, whoever put them. */
        STORED,
        /** It was there before with these bytes. */
        PRESENT,
        /** The name is held by other bytes. */
        TAKEN
    }

    /** The bytes of a generation, unjudged; errors are the store's, or {@code IntegrityFailed} for more than there can be. */
    public static Mono<byte[]> bytes(ObjectStore store, int number) {
        return SmallObject.read(store, ObjectNames.generation(number), GenerationReader.MAX_BYTES)
                .map(GenerationStore::array);
    }

    /** Whether nothing lies under the number, for certain: a store that cannot say counts as no. */
    static Mono<Boolean> isFree(ObjectStore store, int number) {
        return store.get(ObjectNames.generation(number))
                .map(given -> {
                    given.release();
                    return false;
                })
                .next()
                .defaultIfEmpty(false)
                .onErrorResume(StoreException.class, why -> Mono.just(why instanceof ObjectMissing));
    }

    /** Puts the generation unless its name is taken. A put whose answer is lost is asked about, and fails if that fails. */
    public static Mono<Outcome> put(ObjectStore store, int number, byte[] bytes) {
        return put(store, ObjectNames.generation(number), bytes, GenerationReader.MAX_BYTES);
    }

    /** The same for another small plain object, such as the marker. */
    public static Mono<Outcome> put(ObjectStore store, ObjectName name, byte[] bytes, int maxBytes) {
        ByteBuffer ours = ByteBuffer.wrap(bytes);
        return store.putIfAbsent(name, ObjectBody.of(bytes))
                .flatMap(outcome -> outcome == PutOutcome.CREATED
                        ? Mono.just(Outcome.STORED)
                        : same(store, name, ours, maxBytes, Outcome.PRESENT))
                // without an answer only the store can say; where it says that nothing is there, the put's error stands
                .onErrorResume(
                        StoreException.class,
                        lost -> lost.isTransient()
                                ? confirmed(store, name, bytes, maxBytes).onErrorMap(alsoFailed -> lost)
                                : Mono.error(lost));
    }

    // a second put, not a read: it also makes durable what another writer, or our lost attempt, has left
    private static Mono<Outcome> confirmed(ObjectStore store, ObjectName name, byte[] bytes, int maxBytes) {
        return store.putIfAbsent(name, ObjectBody.of(bytes))
                .flatMap(outcome -> outcome == PutOutcome.CREATED
                        ? Mono.just(Outcome.STORED)
                        : same(store, name, ByteBuffer.wrap(bytes), maxBytes, Outcome.STORED));
    }

    private static Mono<Outcome> same(
            ObjectStore store, ObjectName name, ByteBuffer ours, int maxBytes, Outcome whereSame) {
        return SmallObject.read(store, name, maxBytes)
                .map(theirs -> theirs.equals(ours) ? whereSame : Outcome.TAKEN)
                // longer than any of ours
                .onErrorResume(IntegrityFailed.class, tooLong -> Mono.just(Outcome.TAKEN));
    }

    private static byte[] array(ByteBuffer text) {
        byte[] bytes = new byte[text.remaining()];
        text.duplicate().get(bytes);
        return bytes;
    }
}
