package io.tidemark.sinks;

import io.netty.buffer.ByteBuf;
import java.time.Instant;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The store behind it, in everything that a subclass does not change. */
public abstract class ForwardingStore implements ObjectStore {

    private final ObjectStore store;

    protected ForwardingStore(ObjectStore store) {
        this.store = store;
    }

    /** The store behind. */
    protected final ObjectStore store() {
        return store;
    }

    @Override
    public Mono<PutOutcome> putIfAbsent(ObjectName name, ObjectBody body) {
        return store.putIfAbsent(name, body);
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
    public Flux<Leftover> leftovers() {
        return store.leftovers();
    }

    @Override
    public Mono<Void> discard(Leftover leftover) {
        return store.discard(leftover);
    }

    @Override
    public Mono<Void> retain(ObjectName name, Instant until) {
        return store.retain(name, until);
    }

    @Override
    public Flux<LifecycleRule> lifecycle() {
        return store.lifecycle();
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
