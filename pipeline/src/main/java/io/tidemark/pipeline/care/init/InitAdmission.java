package io.tidemark.pipeline.care.init;

import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.Systems;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.sinks.ObjectStore;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * What {@code init} makes of the data directory's system identifier: a root that holds objects of other systems only is
 * most likely another cluster's, given to this one by mistake.
 */
public final class InitAdmission {
    private final @Nullable SystemIdentifier system;
    private final Mode mode;
    private final Clock clock;
    private final String tool;
    private final Scheduler cpu;

    /** What to do about a system that is new to a root. */
    public enum Mode {
        REFUSE,
        /** {@code --new-system}: after pg_upgrade, or initdb on purpose. */
        ADMIT
    }

    /** @param system of the data directory; null where there is none to ask, so that nothing is checked */
    public InitAdmission(@Nullable SystemIdentifier system, Mode mode, Clock clock, String tool, Scheduler cpu) {
        this.system = system;
        this.mode = mode;
        this.clock = clock;
        this.tool = tool;
        this.cpu = cpu;
    }

    /** Fails where the root holds objects of other systems only and none is to be admitted. */
    Mono<Void> check(ObjectStore store) {
        SystemIdentifier ours = system;
        return ours == null || mode == Mode.ADMIT ? Mono.empty() : Systems.requireAdmitted(store, ours);
    }

    /** Leaves the admission in the root, where it is asked for and needed. */
    Mono<Void> admit(Repository repository) {
        SystemIdentifier ours = system;
        if (ours == null || mode == Mode.REFUSE) {
            return Mono.empty();
        }
        return Systems.requireAdmitted(repository.store(), ours)
                .onErrorResume(
                        IntegrityFailed.class, isNew -> Systems.admit(repository, ours, clock.instant(), tool, cpu));
    }
}
