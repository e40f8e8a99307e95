package io.tidemark.sinks.testing;

import io.tidemark.sinks.ForwardingStore;
import io.tidemark.sinks.ObjectBody;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.PutOutcome;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;

/**
 * Does something once, just before the first put, or the first of a name that holds a word: somebody else comes first, or
 * touches the source meanwhile.
 */
public final class MeddlingStore extends ForwardingStore {
    private final String word;
    private final Meddling meddling;
    private final AtomicBoolean done = new AtomicBoolean();

    /** What is done; a failure of it fails the put. */
    @FunctionalInterface
    public interface Meddling {
        void run() throws Exception;
    }

    public MeddlingStore(ObjectStore store, Meddling meddling) {
        this(store, "", meddling);
    }

    public MeddlingStore(ObjectStore store, String word, Meddling meddling) {
        super(store);
        this.word = word;
        this.meddling = meddling;
    }

    @Override
    public Mono<PutOutcome> putIfAbsent(ObjectName name, ObjectBody body) {
        return Mono.defer(() -> {
            if (name.value().contains(word) && done.compareAndSet(false, true)) {
                try {
                    meddling.run();
                } catch (Exception e) {
                    throw new IllegalStateException("meddling failed", e);
                }
            }
            return store().putIfAbsent(name, body);
        });
    }
}
