package io.tidemark.sinks.decorator;

import io.tidemark.sinks.StoreException;
import io.tidemark.sinks.StoreUnavailable;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/** The attempts of one operation: decides after each failure whether there is another one, and when. For one subscription. */
final class Attempts extends Retry {

    private final String what;
    private final Supplier<RetryPolicy> policy;
    private final RandomGenerator random;
    private final Scheduler timer;
    private final BiConsumer<StoreException, Duration> listener;
    private final long began;

    // attempts follow each other, each seeing what the one before has written
    private volatile long since;
    private int failures;
    private int failuresInARow;

    /**
     * @param what the operation, for messages
     * @param policy asked at each decision
     * @param listener told of each attempt that will follow: why, and after which pause
     */
    Attempts(
            String what,
            Supplier<RetryPolicy> policy,
            RandomGenerator random,
            Scheduler timer,
            BiConsumer<StoreException, Duration> listener) {
        this.what = what;
        this.policy = policy;
        this.random = random;
        this.timer = timer;
        this.listener = listener;
        this.began = timer.now(TimeUnit.NANOSECONDS);
        this.since = began;
    }

    @Override
    public Publisher<Long> generateCompanion(Flux<RetrySignal> signals) {
        return signals.concatMap(signal -> after(signal.failure()), 1);
    }

    /** Something has come that need not be fetched again: pauses and deadline start anew. */
    void progressed() {
        since = timer.now(TimeUnit.NANOSECONDS);
        failuresInARow = 0;
    }

    /** How long the attempt that begins now may stand still. */
    Duration stall() {
        Duration left = policy.get().deadline().minusNanos(timer.now(TimeUnit.NANOSECONDS) - since);
        return left.compareTo(policy.get().stall()) < 0 && !left.isNegative() && !left.isZero()
                ? left
                : policy.get().stall();
    }

    private Mono<Long> after(Throwable failure) {
        return failure instanceof StoreException store && store.isTransient() ? again(store) : Mono.error(failure);
    }

    private Mono<Long> again(StoreException failure) {
        failures++;
        failuresInARow++;
        Duration pause = pause();
        long now = timer.now(TimeUnit.NANOSECONDS);
        if (policy.get().deadline().minusNanos(now - since).compareTo(pause) <= 0) {
            return Mono.error(givenUp(failure, now - began));
        }
        listener.accept(failure, pause);
        return Mono.delay(pause, timer);
    }

    private Duration pause() {
        Duration most = policy.get().firstPause();
        for (int i = 1; i < failuresInARow && most.compareTo(policy.get().longestPause()) < 0; i++) {
            most = most.multipliedBy(2);
        }
        long nanos = Math.min(most.toNanos(), policy.get().longestPause().toNanos());
        return Duration.ofNanos(random.nextLong(nanos + 1));
    }

    private StoreUnavailable givenUp(StoreException last, long nanos) {
        String message = String.format(
                Locale.ROOT,
                "%s: given up after %d attempt%s in %.1f s: %s",
                what,
                failures,
                failures == 1 ? "" : "s",
                nanos / 1e9,
                last.getMessage());
        return last instanceof StoreUnavailable answer && answer.asksToSlowDown()
                ? StoreUnavailable.slowDown(message, last)
                : new StoreUnavailable(message, last);
    }
}
