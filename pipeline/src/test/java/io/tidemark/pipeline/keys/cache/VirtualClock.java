package io.tidemark.pipeline.keys.cache;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;

/** Goes with a scheduler of virtual time, until somebody sets it. */
final class VirtualClock extends Clock {
    private final Scheduler scheduler;
    private Duration offset = Duration.ZERO;

    VirtualClock(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    void set(Duration by) {
        offset = offset.plus(by);
    }

    @Override
    public Instant instant() {
        return Instant.parse("2026-11-28T00:00:00Z")
                .plusNanos(scheduler.now(TimeUnit.NANOSECONDS))
                .plus(offset);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
