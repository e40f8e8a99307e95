package io.tidemark.pipeline.keys;

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

/** A store to which somebody else does something just before the first put. */
public final class WinsBefore implements ObjectStore {
    private final ObjectStore store;
    private final Runnable somebody;
    private final AtomicBoolean done = new AtomicBoolean();

    public WinsBefore(ObjectStore store, Runnable somebody) {
        this.store = store;
        this.somebody = somebody;
    }

    @Override
    public Mono<PutOutcome> putIfAbsent(ObjectName name, ObjectBody body) {
        return Mono.defer(() -> {
            if (done.compareAndSet(false, true)) {
                somebody.run();
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
