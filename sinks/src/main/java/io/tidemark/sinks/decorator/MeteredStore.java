package io.tidemark.sinks.decorator;

import io.netty.buffer.ByteBuf;
import io.tidemark.sinks.ByteRange;
import io.tidemark.sinks.ForwardingStore;
import io.tidemark.sinks.Leftover;
import io.tidemark.sinks.ObjectBody;
import io.tidemark.sinks.ObjectMissing;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.PutOutcome;
import io.tidemark.sinks.StoredObject;
import java.time.Instant;
import java.util.OptionalLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Counts what is asked of a store, at each subscription. Below a {@link RetryingStore} it counts attempts. */
public final class MeteredStore extends ForwardingStore {

    private final Meter meter;

    public MeteredStore(ObjectStore store, Meter meter) {
        super(store);
        this.meter = meter;
    }

    @Override
    public Mono<PutOutcome> putIfAbsent(ObjectName name, ObjectBody body) {
        return counted(Operation.PUT, store().putIfAbsent(name, new CountedBody(body, meter)));
    }

    @Override
    public Flux<ByteBuf> get(ObjectName name) {
        return got(store().get(name));
    }

    @Override
    public Flux<ByteBuf> get(ObjectName name, ByteRange range) {
        return got(store().get(name, range));
    }

    @Override
    public Mono<StoredObject> stat(ObjectName name) {
        return counted(Operation.STAT, store().stat(name));
    }

    @Override
    public Flux<StoredObject> list(String prefix) {
        return counted(Operation.LIST, store().list(prefix));
    }

    @Override
    public Mono<Void> delete(ObjectName name) {
        return counted(Operation.DELETE, store().delete(name));
    }

    @Override
    public Flux<Leftover> leftovers() {
        return counted(Operation.LEFTOVERS, store().leftovers());
    }

    @Override
    public Mono<Void> discard(Leftover leftover) {
        return counted(Operation.DISCARD, store().discard(leftover));
    }

    @Override
    public Mono<Void> retain(ObjectName name, Instant until) {
        return counted(Operation.RETAIN, store().retain(name, until));
    }

    private Flux<ByteBuf> got(Flux<ByteBuf> bytes) {
        return counted(Operation.GET, bytes).doOnNext(buffer -> meter.moved(Operation.GET, buffer.readableBytes()));
    }

    private <T> Mono<T> counted(Operation operation, Mono<T> asked) {
        return asked.doOnSubscribe(subscription -> meter.begun(operation)).doOnError(error -> failed(operation, error));
    }

    private <T> Flux<T> counted(Operation operation, Flux<T> asked) {
        return asked.doOnSubscribe(subscription -> meter.begun(operation)).doOnError(error -> failed(operation, error));
    }

    private void failed(Operation operation, Throwable error) {
        if (!(error instanceof ObjectMissing)) {
            meter.failed(operation);
        }
    }

    private record CountedBody(ObjectBody body, Meter meter) implements ObjectBody {

        @Override
        public Flux<ByteBuf> bytes() {
            return body.bytes().doOnNext(buffer -> meter.moved(Operation.PUT, buffer.readableBytes()));
        }

        @Override
        public OptionalLong sizeBytes() {
            return body.sizeBytes();
        }
    }
}
