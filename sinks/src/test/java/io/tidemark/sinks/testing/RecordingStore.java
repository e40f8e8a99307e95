package io.tidemark.sinks.testing;

import io.netty.buffer.ByteBuf;
import io.tidemark.sinks.ByteRange;
import io.tidemark.sinks.ForwardingStore;
import io.tidemark.sinks.ObjectBody;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.PutOutcome;
import io.tidemark.sinks.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Writes down what is asked of the store behind it, at subscription, as a bill would have it: {@code GET name}, {@code GET
 * name 40+100} for a range, {@code PUT}, {@code HEAD}, {@code LIST prefix}; and how many gets and puts were under way at once.
 * Each answer waits for {@code latency}, so that a test decides when a store answers.
 */
public final class RecordingStore extends ForwardingStore {
    private final Mono<Void> latency;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<ByteRange> ranges = new CopyOnWriteArrayList<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();

    public RecordingStore(ObjectStore store) {
        this(store, Mono.empty());
    }

    /** @param latency subscribed to before each get and put is passed on */
    public RecordingStore(ObjectStore store, Mono<Void> latency) {
        super(store);
        this.latency = latency;
    }

    /** What was asked since the last time, in the order of subscription. */
    public List<String> taken() {
        List<String> taken = new ArrayList<>(requests);
        requests.clear();
        return taken;
    }

    /** The ranges that gets asked for, in the order of subscription. */
    public List<ByteRange> ranges() {
        return List.copyOf(ranges);
    }

    /** The most gets and puts that were under way at once. */
    public int mostAtOnce() {
        return mostAtOnce.get();
    }

    @Override
    public Mono<PutOutcome> putIfAbsent(ObjectName name, ObjectBody body) {
        return Mono.defer(() -> {
            begin("PUT " + name);
            return latency.then(store().putIfAbsent(name, body)).doFinally(signal -> underWay.decrementAndGet());
        });
    }

    @Override
    public Flux<ByteBuf> get(ObjectName name) {
        return Flux.defer(() -> {
            begin("GET " + name);
            return latency.thenMany(store().get(name)).doFinally(signal -> underWay.decrementAndGet());
        });
    }

    @Override
    public Flux<ByteBuf> get(ObjectName name, ByteRange range) {
        return Flux.defer(() -> {
            begin("GET " + name + " " + range.offset() + "+" + range.length());
            ranges.add(range);
            return latency.thenMany(store().get(name, range)).doFinally(signal -> underWay.decrementAndGet());
        });
    }

    @Override
    public Mono<StoredObject> stat(ObjectName name) {
        return Mono.defer(() -> {
            requests.add("HEAD " + name);
            return store().stat(name);
        });
    }

    @Override
    public Flux<StoredObject> list(String prefix) {
        return Flux.defer(() -> {
            requests.add("LIST " + prefix);
            return store().list(prefix);
        });
    }

    private void begin(String request) {
        requests.add(request);
        mostAtOnce.accumulateAndGet(underWay.incrementAndGet(), Math::max);
    }
}
