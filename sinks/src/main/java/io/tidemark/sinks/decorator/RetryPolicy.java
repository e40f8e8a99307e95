package io.tidemark.sinks.decorator;

import java.time.Duration;
import java.util.random.RandomGenerator;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * How long and how often an operation is tried. Before attempt n+1 lies a pause of full jitter: anything between nothing and
 * {@code firstPause} · 2^(n-1), at most {@code longestPause}. Attempts may be few or many, what ends them is the time.
 *
 * @param firstPause above zero
 * @param deadline since the operation began, or since it last got on (bytes or names that need not be fetched again): after it no
 *     attempt begins, and none goes on that does not move
 * @param stall how long an attempt may stand still, waiting for the store alone, before it counts as failed; a source or a
 *     consumer that is slow is not the store's fault
 */
public record RetryPolicy(Duration firstPause, Duration longestPause, Duration deadline, Duration stall) {

    private static final Duration FIRST_CONTACT = Duration.ofSeconds(20);

    public RetryPolicy {
        if (!isPositive(firstPause)
                || longestPause.compareTo(firstPause) < 0
                || !isPositive(deadline)
                || !isPositive(stall)) {
            throw new IllegalArgumentException("no retry policy: pauses of " + firstPause + " to " + longestPause
                    + ", deadline " + deadline + ", stall " + stall);
        }
    }

    /** Pauses of 100 ms to 10 s, and a third of the deadline, but no more than a minute, for one attempt that stands still. */
    public static RetryPolicy within(Duration deadline) {
        Duration first = min(Duration.ofMillis(100), deadline);
        return new RetryPolicy(
                first,
                min(Duration.ofSeconds(10), deadline),
                deadline,
                min(Duration.ofMinutes(1), deadline.dividedBy(3).plusNanos(1)));
    }

    /**
     * The same for a store that has not answered yet since the process began: what is away is told soon, so that another one can be
     * asked, while one that goes away in the middle of hours of work is waited for.
     */
    RetryPolicy ofFirstContact() {
        return deadline.compareTo(FIRST_CONTACT) <= 0
                ? this
                : new RetryPolicy(
                        min(firstPause, FIRST_CONTACT),
                        min(longestPause, FIRST_CONTACT),
                        FIRST_CONTACT,
                        min(stall, FIRST_CONTACT.dividedBy(2)));
    }

    /**
     * For the parts of one operation, as of a multipart upload: tries again what fails with a transient {@code StoreException}, each
     * subscription under a deadline of its own. What it gives up with names attempts and time, and has the last failure as its cause.
     * It does not see an attempt that stands still.
     *
     * @param timer waits
     */
    public Retry retry(String what, RandomGenerator random, Scheduler timer) {
        return Retry.from(failures ->
                new Attempts(what, () -> this, random, timer, (reason, pause) -> {}).generateCompanion(failures));
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isZero() && !duration.isNegative();
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
