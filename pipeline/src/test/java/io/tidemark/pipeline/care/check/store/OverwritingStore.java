package io.tidemark.pipeline.care.check.store;

import io.netty.buffer.ByteBuf;
import io.tidemark.sinks.ByteRange;
import io.tidemark.sinks.ObjectBody;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.PutOutcome;
import io.tidemark.sinks.StoreCapabilities;
import io.tidemark.sinks.StoredObject;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A store that overwrites: what breaks the port's first promise of all. */
record OverwritingStore(Fixture fixture) implements ObjectStore {
    @Override
    public Mono<PutOutcome> putIfAbsent(ObjectName name, ObjectBody body) {
        return Mono.fromRunnable(() -> fixture.store.uproot(name.value())).then(fixture.store.putIfAbsent(name, body));
    }

    @Override
    public Flux<ByteBuf> get(ObjectName name) {
        return fixture.store.get(name);
    }

    @Override
    public Flux<ByteBuf> get(ObjectName name, ByteRange range) {
        return fixture.store.get(name, range);
    }

    @Override
    public Mono<StoredObject> stat(ObjectName name) {
        return fixture.store.stat(name);
    }

    @Override
    public Flux<StoredObject> list(String prefix) {
        return fixture.store.list(prefix);
    }

    @Override
    public Mono<Void> delete(ObjectName name) {
        return fixture.store.delete(name);
    }

    @Override
    public StoreCapabilities capabilities() {
        return fixture.store.capabilities();
    }

    @Override
    public String location() {
        return fixture.store.location();
    }
}
