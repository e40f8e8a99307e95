package io.tidemark.sinks.testing;

import io.netty.buffer.ByteBuf;
import io.tidemark.sinks.ByteRange;
import io.tidemark.sinks.ObjectBody;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.PutOutcome;
import io.tidemark.sinks.StoreCapabilities;
import io.tidemark.sinks.StoredObject;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Does something once, just before the first put, or the first of a name that holds a word: somebody else comes first, or
 * touches the source meanwhile.
 */
public final class MeddlingStore implements ObjectStore {
    private final ObjectStore store;
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
        this.store = store;
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
            return store.putIfAbsent(name, body);
        });
    }

    @Override
    public Flux<ByteBuf> get(ObjectName name) {
        return store.get(name);
    }

    @Override
    public Flux<ByteBuf> get(ObjectName name, ByteRange range) {
        return store.get(name, range);
    }

    @Override
    public Mono<StoredObject> stat(ObjectName name) {
        return store.stat(name);
    }

    @Override
    public Flux<StoredObject> list(String prefix) {
        return store.list(prefix);
    }

    @Override
    public Mono<Void> delete(ObjectName name) {
        return store.delete(name);
    }

    @Override
    public StoreCapabilities capabilities() {
        return store.capabilities();
    }

    @Override
    public String location() {
        return store.location();
    }
}
