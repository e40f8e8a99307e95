package io.tidemark.pipeline.care.check;

import java.security.SecureRandom;
import java.time.Clock;
import reactor.core.scheduler.Scheduler;

/**
 * What probes work with.
 *
 * @param product name and version, for what is written
 * @param user as whom this process runs
 * @param timer for deadlines and pauses
 */
public record Tools(
        String product,
        String user,
        Clock clock,
        SecureRandom random,
        Scheduler cpu,
        Scheduler files,
        Scheduler timer) {}
