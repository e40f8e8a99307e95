package io.tidemark.sinks;

import java.time.Instant;
import reactor.core.publisher.Mono;

/** Refuses everything that changes the store: this process may read there and nothing else. */
public final class ReadOnlyStore extends ForwardingStore {

    private final String why;

    /** @param why for the message, with what to do */
    public ReadOnlyStore(ObjectStore store, String why) {
        super(store);
        this.why = why;
    }

    @Override
    public Mono<PutOutcome> putIfAbsent(ObjectName name, ObjectBody body) {
        return refused("put " + name);
    }

    @Override
    public Mono<Void> delete(ObjectName name) {
        return refused("delete " + name);
    }

    @Override
    public Mono<Void> discard(Leftover leftover) {
        return refused("discard " + leftover.description());
    }

    @Override
    public Mono<Void> retain(ObjectName name, Instant until) {
        return refused("lock " + name);
    }

    private <T> Mono<T> refused(String attempt) {
        return Mono.error(() -> new StoreUnsuitable(attempt + " in " + location() + ": " + why, null));
    }
}
