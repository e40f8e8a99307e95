package io.tidemark.sinks.decorator;

import io.netty.buffer.ByteBuf;
import io.tidemark.sinks.ByteRange;
import io.tidemark.sinks.ForwardingStore;
import io.tidemark.sinks.ObjectBody;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.PutOutcome;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Slows down what is put and what is got, by limits that it shares with other stores of the process. */
public final class ThrottledStore extends ForwardingStore {

    private final @Nullable Throttle upload;
    private final @Nullable Throttle download;

    /** @param upload null: no limit; likewise download */
    public ThrottledStore(ObjectStore store, @Nullable Throttle upload, @Nullable Throttle download) {
        super(store);
        this.upload = upload;
        this.download = download;
    }

    @Override
    public Mono<PutOutcome> putIfAbsent(ObjectName name, ObjectBody body) {
        return store().putIfAbsent(name, upload == null ? body : new SlowBody(body, upload));
    }

    @Override
    public Flux<ByteBuf> get(ObjectName name) {
        return slowed(store().get(name));
    }

    @Override
    public Flux<ByteBuf> get(ObjectName name, ByteRange range) {
        return slowed(store().get(name, range));
    }

    private Flux<ByteBuf> slowed(Flux<ByteBuf> bytes) {
        return download == null ? bytes : download.slowed(bytes);
    }

    private record SlowBody(ObjectBody body, Throttle upload) implements ObjectBody {

        @Override
        public Flux<ByteBuf> bytes() {
            return upload.slowed(body.bytes());
        }

        @Override
        public OptionalLong sizeBytes() {
            return body.sizeBytes();
        }
    }
}
