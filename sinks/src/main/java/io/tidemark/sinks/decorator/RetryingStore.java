package io.tidemark.sinks.decorator;

import io.netty.buffer.ByteBuf;
import io.tidemark.sinks.ByteRange;
import io.tidemark.sinks.ForwardingStore;
import io.tidemark.sinks.Leftover;
import io.tidemark.sinks.ObjectBody;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.PutOutcome;
import io.tidemark.sinks.StoreException;
import io.tidemark.sinks.StoreUnavailable;
import io.tidemark.sinks.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Tries again what fails with an error that may pass by itself, and ends attempts that stand still. All operations of the port can be
 * repeated: a put that was made although its answer was lost meets {@link PutOutcome#PRESENT}, and whose object that is the caller
 * sees by its header (FORMAT.md section 2). What has arrived is not fetched again: a get goes on behind the last byte that it gave, a
 * list behind the last name.
 *
 * <p>A store that has never answered is given up sooner than one that was there: {@link RetryPolicy#ofFirstContact}.
 *
 * <p>Where a store asks to slow down, all operations that go through this object do: one for each store and process.
 */
public final class RetryingStore extends ForwardingStore {

    private final RetryPolicy policy;
    private final RandomGenerator random;
    private final Scheduler timer;
    private final RetryListener listener;
    private final Pace pace;
    private volatile Contact contact = Contact.NOT_YET;

    /** Whether the store has ever answered. */
    private enum Contact {
        NOT_YET,
        MADE
    }

    /**
     * @param random for the pauses; used by any thread
     * @param timer waits; nothing else runs there but what a waiting attempt begins with
     */
    public RetryingStore(
            ObjectStore store, RetryPolicy policy, RandomGenerator random, Scheduler timer, RetryListener listener) {
        super(store);
        this.policy = policy;
        this.random = random;
        this.timer = timer;
        this.listener = listener;
        this.pace = new Pace(timer);
    }

    @Override
    public Mono<PutOutcome> putIfAbsent(ObjectName name, ObjectBody body) {
        return one(Operation.PUT, name.value(), movement -> store().putIfAbsent(name, new WatchedBody(body, movement)));
    }

    @Override
    public Flux<ByteBuf> get(ObjectName name) {
        return download(name, null);
    }

    @Override
    public Flux<ByteBuf> get(ObjectName name, ByteRange range) {
        return download(name, range);
    }

    @Override
    public Mono<StoredObject> stat(ObjectName name) {
        return one(Operation.STAT, name.value(), movement -> store().stat(name));
    }

    @Override
    public Flux<StoredObject> list(String prefix) {
        return Flux.defer(() -> {
            Attempts attempts = attempts(Operation.LIST, prefix);
            AtomicReference<@Nullable ObjectName> last = new AtomicReference<>();
            return attempt(attempts, Operation.LIST, prefix, movement -> store().list(prefix))
                    .filter(listed -> isBehind(listed.name(), last.get()))
                    .doOnNext(listed -> {
                        last.set(listed.name());
                        attempts.progressed();
                    })
                    .retryWhen(attempts);
        });
    }

    @Override
    public Mono<Void> delete(ObjectName name) {
        return one(Operation.DELETE, name.value(), movement -> store().delete(name));
    }

    /** They have no order to go on behind: those that were given are remembered while the operation runs. */
    @Override
    public Flux<Leftover> leftovers() {
        return Flux.defer(() -> {
            Attempts attempts = attempts(Operation.LEFTOVERS, "");
            Set<String> given = ConcurrentHashMap.newKeySet();
            return attempt(attempts, Operation.LEFTOVERS, "", movement -> store().leftovers())
                    .filter(leftover -> given.add(leftover.id()))
                    .doOnNext(leftover -> attempts.progressed())
                    .retryWhen(attempts);
        });
    }

    @Override
    public Mono<Void> discard(Leftover leftover) {
        return one(Operation.DISCARD, leftover.description(), movement -> store().discard(leftover));
    }

    @Override
    public Mono<Void> retain(ObjectName name, Instant until) {
        return one(Operation.RETAIN, name.value(), movement -> store().retain(name, until));
    }

    private Flux<ByteBuf> download(ObjectName name, @Nullable ByteRange range) {
        return Flux.defer(() -> {
            Attempts attempts = attempts(Operation.GET, name.value());
            Download download = new Download(store(), name, range, attempts);
            return attempt(attempts, Operation.GET, name.value(), movement -> download.rest())
                    .handle(download::take)
                    .concatWith(Mono.defer(download::complete))
                    .retryWhen(attempts);
        });
    }

    private <T> Mono<T> one(Operation operation, String subject, Function<Movement, Mono<T>> once) {
        return Mono.defer(() -> {
            Attempts attempts = attempts(operation, subject);
            return attempt(
                            attempts,
                            operation,
                            subject,
                            movement -> once.apply(movement).flux())
                    .singleOrEmpty()
                    .retryWhen(attempts);
        });
    }

    /** At each subscription one attempt, in its turn. */
    private <T> Flux<T> attempt(
            Attempts attempts, Operation operation, String subject, Function<Movement, Flux<T>> once) {
        return pace.turn()
                .thenMany(Flux.defer(() -> {
                    Movement movement = new Movement(timer);
                    return new StallWatch<>(
                            once.apply(movement), what(operation, subject), attempts.stall(), movement, timer);
                }))
                .doOnNext(given -> contact = Contact.MADE)
                .doOnError(this::failed)
                .doOnComplete(() -> {
                    contact = Contact.MADE;
                    pace.faster();
                });
    }

    private Attempts attempts(Operation operation, String subject) {
        return new Attempts(
                what(operation, subject),
                () -> contact == Contact.MADE ? policy : policy.ofFirstContact(),
                random,
                timer,
                (StoreException why, Duration wait) -> listener.retried(operation, why, wait));
    }

    private void failed(Throwable failure) {
        if (failure instanceof StoreUnavailable unavailable) {
            if (unavailable.asksToSlowDown()) {
                contact = Contact.MADE;
                pace.slower();
            }
        } else if (failure instanceof StoreException) {
            // that something is missing or refused is an answer
            contact = Contact.MADE;
        }
    }

    private String what(Operation operation, String subject) {
        return operation + " " + location() + (subject.isEmpty() ? "" : "/" + subject);
    }

    private static boolean isBehind(ObjectName name, @Nullable ObjectName last) {
        return last == null || name.compareTo(last) > 0;
    }
}
