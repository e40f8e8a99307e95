package io.tidemark.pipeline.care.check.store;

import io.tidemark.sinks.ForwardingStore;
import io.tidemark.sinks.ObjectBody;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.PutOutcome;
import reactor.core.publisher.Mono;

/** A store that overwrites: what breaks the port's first promise of all. */
final class OverwritingStore extends ForwardingStore {
    private final Fixture fixture;

    OverwritingStore(Fixture fixture) {
        super(fixture.store);
        this.fixture = fixture;
    }

    @Override
    public Mono<PutOutcome> putIfAbsent(ObjectName name, ObjectBody body) {
        return Mono.fromRunnable(() -> fixture.store.uproot(name.value())).then(super.putIfAbsent(name, body));
    }
}
