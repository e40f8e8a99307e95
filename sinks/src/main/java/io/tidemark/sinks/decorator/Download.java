package io.tidemark.sinks.decorator;

import io.netty.buffer.ByteBuf;
import io.tidemark.sinks.ByteRange;
import io.tidemark.sinks.IntegrityFailed;
import io.tidemark.sinks.ObjectMissing;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.StoreUnavailable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;

/** How far one get has come, over all its attempts. */
final class Download {
    private static final long UNKNOWN = -1;

    private final ObjectStore store;
    private final ObjectName name;
    private final @Nullable ByteRange range;
    private final Attempts attempts;

    // attempts follow each other
    private volatile long at;
    private volatile long end;

    /** @param range null for the whole object */
    Download(ObjectStore store, ObjectName name, @Nullable ByteRange range, Attempts attempts) {
        this.store = store;
        this.name = name;
        this.range = range;
        this.attempts = attempts;
        this.at = range == null ? 0 : range.offset();
        this.end = range == null ? UNKNOWN : range.end();
    }

    /** What is still to come, as one attempt. */
    Flux<ByteBuf> rest() {
        if (range != null && at == range.offset()) {
            return store.get(name, range);
        }
        if (at == 0) {
            return store.get(name);
        }
        return end == UNKNOWN ? length().thenMany(Flux.defer(this::fromHere)) : fromHere();
    }

    /** Counts a buffer, given and passed on. */
    void take(ByteBuf buffer, SynchronousSink<ByteBuf> sink) {
        long next = at + buffer.readableBytes();
        if (end != UNKNOWN && next > end) {
            buffer.release();
            sink.error(new IntegrityFailed(
                    "get " + where() + ": the store gave more than was asked for, byte " + (next - 1) + " where byte "
                            + end + " would have been the end",
                    null));
            return;
        }
        at = next;
        attempts.progressed();
        sink.next(buffer);
    }

    /** An end that comes too early is a connection that was cut. */
    Mono<ByteBuf> complete() {
        return end == UNKNOWN || at == end
                ? Mono.empty()
                : Mono.error(new StoreUnavailable(
                        "get " + where() + ": the store's answer ended at byte " + at + " of " + end, null));
    }

    private Flux<ByteBuf> fromHere() {
        if (at > end) {
            return Flux.error(new IntegrityFailed(
                    "get " + where() + ": " + at + " bytes had come when the store said that it has " + end, null));
        }
        return at == end ? Flux.empty() : store.get(name, ByteRange.of(at, end - at));
    }

    private Mono<Void> length() {
        return store.stat(name)
                .switchIfEmpty(
                        Mono.error(() -> new ObjectMissing("get " + where() + ": it was there and is no more", null)))
                .doOnNext(found -> end = found.sizeBytes())
                .then();
    }

    private String where() {
        return store.location() + "/" + name;
    }
}
