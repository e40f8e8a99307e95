package io.tidemark.sinks.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import io.tidemark.sinks.ByteRange;
import io.tidemark.sinks.ForwardingStore;
import io.tidemark.sinks.ObjectBody;
import io.tidemark.sinks.ObjectMissing;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.PutOutcome;
import io.tidemark.sinks.StoreException;
import io.tidemark.sinks.StoredObject;
import io.tidemark.sinks.testing.Fault.Effect;
import io.tidemark.sinks.testing.Fault.Operation;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;

/**
 * A store that fails as told, and is otherwise the one behind it. Calls are counted at subscription, per fault; of
 * several faults that hit one call the first in the list decides, and the others have counted it.
 */
public final class FaultyStore extends ForwardingStore {

    private final List<Armed> faults;
    private final AtomicLong calls = new AtomicLong();
    /** What is to be lost, and after how many calls. */
    private final Map<ObjectName, Long> doomed = new ConcurrentHashMap<>();

    public FaultyStore(ObjectStore store, List<Fault> faults) {
        super(store);
        this.faults = faults.stream().map(Armed::new).toList();
    }

    public static FaultyStore of(ObjectStore store, Fault... faults) {
        return new FaultyStore(store, List.of(faults));
    }

    @Override
    public Mono<PutOutcome> putIfAbsent(ObjectName name, ObjectBody body) {
        return forgotten().then(Mono.defer(() -> {
            Effect effect = strike(Operation.PUT, name.value());
            return effect == null ? store().putIfAbsent(name, body) : put(effect, name, body);
        }));
    }

    private Mono<PutOutcome> put(Effect effect, ObjectName name, ObjectBody body) {
        if (effect instanceof Effect.Cut cut) {
            return store().putIfAbsent(name, new SpoiledBody(body, bytes -> cut(bytes, cut.bytes(), cut.error())));
        }
        if (effect instanceof Effect.Stalls stalls) {
            return store().putIfAbsent(name, new SpoiledBody(body, bytes -> stalled(bytes, stalls.amount())));
        }
        if (effect instanceof Effect.Pretends) {
            return body.bytes().doOnNext(ByteBuf::release).then(Mono.just(PutOutcome.CREATED));
        }
        if (effect instanceof Effect.Forgets forgets) {
            return store().putIfAbsent(name, body).doOnNext(outcome -> doomed.put(name, calls.get() + forgets.calls()));
        }
        return answer(effect, store().putIfAbsent(name, body));
    }

    @Override
    public Flux<ByteBuf> get(ObjectName name) {
        return forgotten()
                .thenMany(Flux.defer(() -> spoil(strike(Operation.GET, name.value()), name, store().get(name))));
    }

    @Override
    public Flux<ByteBuf> get(ObjectName name, ByteRange range) {
        return forgotten()
                .thenMany(Flux.defer(() -> spoil(strike(Operation.GET, name.value()), name, store().get(name, range))));
    }

    @Override
    public Mono<StoredObject> stat(ObjectName name) {
        return forgotten().then(Mono.defer(() -> {
            Effect effect = strike(Operation.STAT, name.value());
            if (effect instanceof Effect.SaysSize lie) {
                return store().stat(name).map(found -> sized(found, lie));
            }
            return effect == null ? store().stat(name) : answer(effect, store().stat(name));
        }));
    }

    @Override
    public Flux<StoredObject> list(String prefix) {
        return forgotten().thenMany(Flux.defer(() -> {
            Armed hiding = faults.stream()
                    .filter(armed -> armed.fault.effect() instanceof Effect.Absent)
                    .filter(armed -> armed.fault.concerns(Operation.LIST, armed.fault.nameHolds()))
                    .findFirst()
                    .orElse(null);
            if (hiding != null) {
                return store().list(prefix)
                        .filter(listed -> !listed.name().value().contains(hiding.fault.nameHolds()));
            }
            Effect effect = strike(Operation.LIST, prefix);
            return effect == null ? store().list(prefix) : list(effect, prefix);
        }));
    }

    private Flux<StoredObject> list(Effect effect, String prefix) {
        if (effect instanceof Effect.Cut cut) {
            return store().list(prefix).take(cut.bytes()).concatWith(Mono.error(cut.error()));
        }
        if (effect instanceof Effect.Stalls stalls) {
            return store().list(prefix).take(stalls.amount()).concatWith(Mono.never());
        }
        if (effect instanceof Effect.SaysSize lie) {
            return store().list(prefix).map(found -> sized(found, lie));
        }
        return Flux.from(answer(effect, Mono.empty()));
    }

    @Override
    public Mono<Void> delete(ObjectName name) {
        return forgotten().then(Mono.defer(() -> {
            Effect effect = strike(Operation.DELETE, name.value());
            return effect == null ? store().delete(name) : answer(effect, store().delete(name));
        }));
    }

    /** Counts the call that begins, and loses what is to be lost by then. */
    private Mono<Void> forgotten() {
        return Mono.defer(() -> {
            long call = calls.incrementAndGet();
            return Flux.fromIterable(doomed.entrySet())
                    .filter(entry -> entry.getValue() < call)
                    .map(Map.Entry::getKey)
                    .filter(name -> doomed.remove(name) != null)
                    .concatMap(store()::delete)
                    .then();
        });
    }

    private static StoredObject sized(StoredObject found, Effect.SaysSize lie) {
        return new StoredObject(found.name(), lie.sizeBytes(), found.modified());
    }

    private @Nullable Effect strike(Operation operation, String name) {
        Effect struck = null;
        for (Armed armed : faults) {
            if (armed.fault.concerns(operation, name)) {
                long call = armed.calls.incrementAndGet();
                if (struck == null && call >= armed.fault.first() && call <= armed.fault.last()) {
                    struck = armed.fault.effect();
                }
            }
        }
        return struck;
    }

    private static <T> Mono<T> answer(Effect effect, Mono<T> real) {
        if (effect instanceof Effect.Fails fails) {
            return Mono.error(fails.error());
        }
        if (effect instanceof Effect.LosesAnswer lost) {
            return real.then(Mono.error(lost.error()));
        }
        if (effect instanceof Effect.Absent) {
            return Mono.empty();
        }
        if (effect instanceof Effect.Hangs) {
            return Mono.never();
        }
        throw new IllegalArgumentException("a fault that this operation cannot have: " + effect);
    }

    private static Flux<ByteBuf> spoil(@Nullable Effect effect, ObjectName name, Flux<ByteBuf> real) {
        if (effect == null) {
            return real;
        }
        if (effect instanceof Effect.Cut cut) {
            return cut(real, cut.bytes(), cut.error());
        }
        if (effect instanceof Effect.Ends ends) {
            return cut(real, ends.bytes(), null);
        }
        if (effect instanceof Effect.Flips flips) {
            return flipped(real, flips.offset());
        }
        if (effect instanceof Effect.Stalls stalls) {
            return stalled(real, stalls.amount());
        }
        if (effect instanceof Effect.Adds adds) {
            return real.concatWith(Mono.fromSupplier(
                    () -> ByteBufAllocator.DEFAULT.buffer(adds.bytes()).writeZero(adds.bytes())));
        }
        if (effect instanceof Effect.Absent) {
            return Flux.error(new ObjectMissing("get " + name + ": no such object", null));
        }
        return Flux.from(answer(effect, Mono.empty()));
    }

    /** So many bytes, then the error or, without one, a completion. */
    private static Flux<ByteBuf> cut(Flux<ByteBuf> source, long bytes, @Nullable StoreException error) {
        return Flux.defer(() -> {
            AtomicLong left = new AtomicLong(bytes);
            return source.<ByteBuf>handle((buffer, sink) -> {
                        int length = (int) Math.min(left.get(), buffer.readableBytes());
                        left.addAndGet(-length);
                        if (length > 0) {
                            sink.next(buffer.readRetainedSlice(length));
                        }
                        buffer.release();
                        if (left.get() == 0) {
                            end(sink, error);
                        }
                    })
                    .doOnDiscard(ByteBuf.class, ReferenceCountUtil::safeRelease);
        });
    }

    private static Flux<ByteBuf> stalled(Flux<ByteBuf> source, long bytes) {
        return bytes == 0 ? Flux.never() : cut(source, bytes, null).concatWith(Mono.never());
    }

    private static void end(SynchronousSink<ByteBuf> sink, @Nullable StoreException error) {
        if (error == null) {
            sink.complete();
        } else {
            sink.error(error);
        }
    }

    private static Flux<ByteBuf> flipped(Flux<ByteBuf> source, long offset) {
        return Flux.defer(() -> {
            AtomicLong at = new AtomicLong();
            return source.map(buffer -> {
                long start = at.getAndAdd(buffer.readableBytes());
                if (offset < start || offset >= at.get()) {
                    return buffer;
                }
                int index = (int) (offset - start);
                ByteBuf copy = buffer.copy();
                buffer.release();
                copy.setByte(copy.readerIndex() + index, copy.getByte(copy.readerIndex() + index) ^ 1);
                return copy;
            });
        });
    }

    private record SpoiledBody(ObjectBody body, UnaryOperator<Flux<ByteBuf>> spoiling) implements ObjectBody {

        @Override
        public Flux<ByteBuf> bytes() {
            return spoiling.apply(body.bytes());
        }

        @Override
        public OptionalLong sizeBytes() {
            return body.sizeBytes();
        }
    }

    private static final class Armed {

        private final Fault fault;
        private final AtomicLong calls = new AtomicLong();

        Armed(Fault fault) {
            this.fault = fault;
        }
    }
}
