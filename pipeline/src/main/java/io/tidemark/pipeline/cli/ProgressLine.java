package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.cli.GlobalOptions.Verbosity;
import io.tidemark.pipeline.event.Progress;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A verb's progress on standard error: one line that is written over where a terminal is, a line every ten seconds where none is,
 * nothing with {@code --quiet}. A command passes it to the verb and wraps the verb's Mono in {@link #shownDuring}.
 */
final class ProgressLine implements Progress {
    private static final Duration ON_TERMINAL = Duration.ofMillis(500);
    private static final Duration ELSEWHERE = Duration.ofSeconds(10);
    private static final int RATE_SAMPLES = 20;

    private final String what;
    private final Console console;
    private final Clock clock;
    private final Scheduler ticker;
    private final AtomicLong expected = new AtomicLong();
    private final AtomicLong done = new AtomicLong();
    /** The last samples, as a ring; read and written by the ticker's ticks only, which do not overlap. */
    private final long[] sampleTimes = new long[RATE_SAMPLES];

    private final long[] sampleBytes = new long[RATE_SAMPLES];
    private int samples;

    /**
     * @param what begins the line: {@code backup}
     * @param ticker draws; the CPU scheduler will do
     */
    ProgressLine(String what, Console console, Clock clock, Scheduler ticker) {
        this.what = what;
        this.console = console;
        this.clock = clock;
        this.ticker = ticker;
    }

    @Override
    public void expect(long bytes) {
        expected.set(bytes);
    }

    @Override
    public void advance(long bytes) {
        done.addAndGet(bytes);
    }

    /** The same Mono; from its subscription to its end the line is drawn. */
    <T> Mono<T> shownDuring(Mono<T> work) {
        if (console.verbosity() == Verbosity.QUIET) {
            return work;
        }
        return Mono.using(this::start, ignored -> work, this::stop);
    }

    private Disposable start() {
        sample();
        return Flux.interval(console.errIsTerminal() ? ON_TERMINAL : ELSEWHERE, ticker)
                .onBackpressureDrop()
                .subscribe(tick -> draw());
    }

    private void stop(Disposable ticks) {
        ticks.dispose();
        console.erase();
    }

    private void draw() {
        sample();
        String line = text();
        if (console.errIsTerminal()) {
            console.over(line);
        } else {
            console.err().println("tidemark: " + line);
        }
    }

    private void sample() {
        int slot = samples % RATE_SAMPLES;
        sampleTimes[slot] = clock.millis();
        sampleBytes[slot] = done.get();
        samples++;
    }

    /** {@code backup: 42 %, 1.30 GiB of 3.10 GiB, 118.2 MiB/s, 15 s left}. */
    String text() {
        long now = done.get();
        long all = expected.get();
        double rate = rate();
        StringBuilder line = new StringBuilder(what).append(": ");
        if (all > 0) {
            line.append(Math.min(100, now * 100 / all)).append(" %, ");
        }
        line.append(Amounts.size(now));
        if (all > 0) {
            line.append(" of ").append(Amounts.size(all));
        }
        line.append(", ").append(Amounts.rate(rate));
        if (all > now && rate > 0) {
            line.append(", ")
                    .append(Amounts.time(Duration.ofSeconds((long) ((all - now) / rate))))
                    .append(" left");
        }
        return line.toString();
    }

    private double rate() {
        if (samples < 2) {
            return 0;
        }
        int newest = (samples - 1) % RATE_SAMPLES;
        int oldest = samples <= RATE_SAMPLES ? 0 : samples % RATE_SAMPLES;
        long milliseconds = sampleTimes[newest] - sampleTimes[oldest];
        return milliseconds <= 0 ? 0 : (sampleBytes[newest] - sampleBytes[oldest]) * 1000.0 / milliseconds;
    }
}
