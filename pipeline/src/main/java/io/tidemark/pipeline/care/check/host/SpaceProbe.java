package io.tidemark.pipeline.care.check.host;

import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Known;
import io.tidemark.pipeline.care.check.probe.Probe;
import io.tidemark.pipeline.config.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Whether there is room: for the next backup in a repository, for WAL that waits in {@code pg_wal}. */
public final class SpaceProbe implements Probe.Independent {
    private static final long MIB = 1 << 20;
    /** Less than some segments and their parts: the next push may already fail. */
    private static final long LEAST_BYTES = 128 * MIB;

    private static final long LEAST_INODES = 1000;

    private final String what;
    private final Path directory;
    private final Mono<Need> need;
    private final Scheduler files;

    /**
     * What should fit.
     *
     * @param why for a person, such as {@code the last backup took}
     */
    public record Need(long bytes, String why) {}

    /**
     * @param what for a person
     * @param need what should fit; empty where that is not known
     */
    public SpaceProbe(String what, Path directory, Mono<Need> need, Scheduler files) {
        this.what = what;
        this.directory = directory;
        this.need = need;
        this.files = files;
    }

    @Override
    public String name() {
        return "space";
    }

    @Override
    public Flux<Finding> findings() {
        return Known.ofAnother(need).publishOn(files).map(this::looked).flux();
    }

    private Finding looked(Optional<Need> wanted) {
        try {
            return Files.isDirectory(directory)
                    ? judged(Space.of(directory), wanted)
                    : Finding.skipped(name(), what + ": " + directory + " is not on this machine, or not there");
        } catch (IOException failure) {
            return Finding.skipped(name(), what + ": " + directory + ": " + failure);
        }
    }

    Finding judged(Space space, Optional<Need> wanted) {
        String where = what + " (" + directory + ")";
        String free = size(space.freeBytes()) + " of " + size(space.totalBytes()) + " free";
        OptionalLong inodes = space.freeInodes();
        if (space.freeBytes() < LEAST_BYTES || inodes.isPresent() && inodes.getAsLong() == 0) {
            return Finding.failed(
                    name(),
                    FailureKind.STORE,
                    where + " is full: " + free + inodes(inodes),
                    "make room now: archiving stops, and then PostgreSQL, when pg_wal is full too");
        }
        if (inodes.isPresent() && inodes.getAsLong() < LEAST_INODES) {
            return Finding.warning(
                    name(), where + ": " + free + inodes(inodes), "each WAL segment takes an inode: make room");
        }
        if (wanted.isPresent() && space.freeBytes() < wanted.get().bytes()) {
            return Finding.warning(
                    name(),
                    where + ": " + free + ", " + wanted.get().why() + " "
                            + size(wanted.get().bytes()),
                    "make room before the next one");
        }
        return Finding.ok(name(), where + ": " + free + inodes(inodes));
    }

    private static String inodes(OptionalLong free) {
        return free.isPresent() ? ", " + free.getAsLong() + " inodes" : "";
    }

    private static String size(long bytes) {
        return bytes >= 10 * 1024 * MIB
                ? bytes / (1024 * MIB) + " GiB"
                : String.format(Locale.ROOT, "%.1f MiB", (double) bytes / MIB);
    }
}
