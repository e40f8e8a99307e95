package io.tidemark.sinks.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import io.tidemark.sinks.ByteRange;
import io.tidemark.sinks.IntegrityFailed;
import io.tidemark.sinks.Leftover;
import io.tidemark.sinks.ObjectBody;
import io.tidemark.sinks.ObjectMissing;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.PutOutcome;
import io.tidemark.sinks.StoreCapabilities;
import io.tidemark.sinks.StoredObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Objects in the heap. Keeps every promise of the port but durability, and lets a test look and meddle: {@link #names},
 * {@link #content}, {@link #plant} and {@link #uproot} are what a bucket's owner or Mallory can do beside it.
 *
 * <p>Buffers come from the allocator, not from wrapped arrays, so that a leak is counted.
 */
public final class MemoryStore implements ObjectStore {

    private static final int BUFFER_BYTES = 64 * 1024;

    private final ConcurrentNavigableMap<String, Held> objects = new ConcurrentSkipListMap<>();
    private final AtomicLong clock = new AtomicLong();
    private final String location;

    public MemoryStore() {
        this("memory:");
    }

    public MemoryStore(String location) {
        this.location = location;
    }

    @Override
    public Mono<PutOutcome> putIfAbsent(ObjectName name, ObjectBody body) {
        return collected(body).map(content -> {
            if (body.sizeBytes().isPresent() && body.sizeBytes().getAsLong() != content.length) {
                throw new IntegrityFailed(
                        "put " + location + "/" + name + ": the body has " + content.length + " bytes and said "
                                + body.sizeBytes().getAsLong(),
                        null);
            }
            return objects.putIfAbsent(name.value(), held(content)) == null ? PutOutcome.CREATED : PutOutcome.PRESENT;
        });
    }

    @Override
    public Flux<ByteBuf> get(ObjectName name) {
        return Flux.defer(() -> {
            byte[] content = present(name);
            return buffers(content, 0, content.length);
        });
    }

    @Override
    public Flux<ByteBuf> get(ObjectName name, ByteRange range) {
        return Flux.defer(() -> {
            byte[] content = present(name);
            if (range.end() > content.length) {
                throw new IntegrityFailed(
                        "get " + location + "/" + name + ": " + range + " of an object of " + content.length + " bytes",
                        null);
            }
            return buffers(content, Math.toIntExact(range.offset()), Math.toIntExact(range.end()));
        });
    }

    @Override
    public Mono<StoredObject> stat(ObjectName name) {
        return Mono.fromSupplier(() -> objects.get(name.value())).map(held -> held.describe(name.value()));
    }

    @Override
    public Flux<StoredObject> list(String prefix) {
        return Flux.defer(() -> {
            ObjectName.requirePrefix(prefix);
            return Flux.fromIterable(objects.tailMap(prefix, true).entrySet())
                    .takeWhile(entry -> entry.getKey().startsWith(prefix))
                    .map(entry -> entry.getValue().describe(entry.getKey()));
        });
    }

    @Override
    public Mono<Void> delete(ObjectName name) {
        return Mono.fromRunnable(() -> objects.remove(name.value()));
    }

    /** None: an unfinished put leaves nothing. */
    @Override
    public Flux<Leftover> leftovers() {
        return Flux.empty();
    }

    @Override
    public Mono<Void> discard(Leftover leftover) {
        return Mono.empty();
    }

    @Override
    public Mono<Void> retain(ObjectName name, Instant until) {
        return Mono.empty();
    }

    @Override
    public StoreCapabilities capabilities() {
        return new StoreCapabilities(StoreCapabilities.Durability.PROCESS, 16, Integer.MAX_VALUE);
    }

    @Override
    public String location() {
        return location;
    }

    /** The names of all objects, in order. */
    public List<String> names() {
        return List.copyOf(objects.keySet());
    }

    /** A copy of an object's bytes. */
    public byte[] content(String name) {
        return present(ObjectName.of(name)).clone();
    }

    /** Puts an object, over another one if need be: what no caller of the port can do. */
    public void plant(String name, byte[] content) {
        objects.put(ObjectName.of(name).value(), held(content.clone()));
    }

    /** Removes an object behind the port's back. */
    public void uproot(String name) {
        objects.remove(name);
    }

    private Held held(byte[] content) {
        return new Held(content, Instant.ofEpochSecond(clock.incrementAndGet()));
    }

    private byte[] present(ObjectName name) {
        Held held = objects.get(name.value());
        if (held == null) {
            throw new ObjectMissing("get " + location + "/" + name + ": no such object", null);
        }
        return held.content;
    }

    private static Mono<byte[]> collected(ObjectBody body) {
        return body.bytes()
                .collect(ByteArrayOutputStream::new, MemoryStore::append)
                .doOnDiscard(ByteBuf.class, ReferenceCountUtil::safeRelease)
                .map(ByteArrayOutputStream::toByteArray);
    }

    private static void append(ByteArrayOutputStream to, ByteBuf buffer) {
        try {
            buffer.readBytes(to, buffer.readableBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            buffer.release();
        }
    }

    private static Flux<ByteBuf> buffers(byte[] content, int from, int to) {
        return Flux.generate(() -> from, (at, sink) -> {
            if (at >= to) {
                sink.complete();
                return at;
            }
            int length = Math.min(BUFFER_BYTES, to - at);
            sink.next(ByteBufAllocator.DEFAULT.buffer(length, length).writeBytes(content, at, length));
            return at + length;
        });
    }

    private static final class Held {

        private final byte[] content;
        private final Instant made;

        Held(byte[] content, Instant made) {
            this.content = content;
            this.made = made;
        }

        StoredObject describe(String name) {
            return new StoredObject(ObjectName.of(name), content.length, made);
        }
    }
}
