package io.tidemark.it.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.it.bench.CommandBench;
import io.tidemark.it.s3.bench.Commands;
import io.tidemark.it.s3.proxy.FaultPlan;
import io.tidemark.pipeline.backup.FakeCluster;
import io.tidemark.pipeline.wal.MadeSegment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Several archivers and one who takes backups, until everything is done and every fault has struck. They insist as PostgreSQL does. */
final class FaultRun {
    private static final int ARCHIVERS = 4;
    private static final int TRIES = 300;
    private static final int SEGMENT_BYTES = 1 << 20;
    /** The segment of the stopped directory's last checkpoint. */
    private static final int FIRST = 0x11;

    private static final Pattern LABEL = Pattern.compile("[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}");

    private final Path directory;
    private final Commands commands;
    private final FaultPlan plan;
    private final int segments;
    private final int backups;
    private final long seed;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final List<Integer> archived = new CopyOnWriteArrayList<>();
    private final List<String> labels = new CopyOnWriteArrayList<>();

    /** @param directory with the stopped directory {@code data} */
    FaultRun(Path directory, Commands commands, FaultPlan plan, int segments, int backups, long seed) {
        this.directory = directory;
        this.commands = commands;
        this.plan = plan;
        this.segments = segments;
        this.backups = backups;
        this.seed = seed;
    }

    /** The segment's file name; numbers begin at 0. */
    static String name(int number) {
        return String.format("0000000100000000%08X", FIRST + number);
    }

    byte[] content(int number) {
        return MadeSegment.of(name(number), SEGMENT_BYTES, FakeCluster.SYSTEM, seed + number)
                .full();
    }

    /** Segments that were acknowledged so far. */
    int archived() {
        return archived.size();
    }

    /** Backups that were acknowledged. */
    List<String> labels() {
        return labels;
    }

    /** Commands that ended with an error and were run again. */
    int failures() {
        return failures.get();
    }

    CompletableFuture<Void> start() {
        ExecutorService threads = Executors.newFixedThreadPool(ARCHIVERS + 1);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < ARCHIVERS; i++) {
            Random random = new Random(seed + i);
            all.add(CompletableFuture.runAsync(() -> archive(random), threads));
        }
        all.add(CompletableFuture.runAsync(this::back, threads));
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .whenComplete((done, error) -> threads.shutdownNow());
    }

    private void archive(Random random) {
        int number = taken.getAndIncrement();
        while (number < segments) {
            push(number);
            archived.add(number);
            if (random.nextInt(3) == 0) {
                fetch(archived.get(random.nextInt(archived.size())));
            }
            number = taken.getAndIncrement();
        }
        while (plan.left() > 0) {
            int again = archived.get(random.nextInt(archived.size()));
            if (random.nextInt(4) == 0) {
                push(again);
            } else {
                fetch(again);
            }
        }
    }

    private void push(int number) {
        Path file = offered(number);
        // a conflict (4) would be a lost answer that was taken for another's object
        untilDone(exit -> exit != 4 && exit < 126, () -> commands.run("archive-push", file.toString()));
        delete(file);
    }

    /** What was acknowledged is never absent, whatever stands in the way. */
    void fetch(int number) {
        Path file = directory.resolve("got-" + Thread.currentThread().getId() + "-" + name(number));
        untilDone(exit -> exit > 200, () -> commands.run("archive-get", name(number), file.toString()));
        try {
            assertThat(Files.readAllBytes(file)).as(name(number)).isEqualTo(content(number));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        delete(file);
    }

    private void back() {
        while (labels.size() < backups) {
            CommandBench.Answer answer = untilDone(
                    exit -> exit < 126,
                    () -> commands.run(
                            "backup",
                            "--from-directory",
                            directory.resolve("data").toString(),
                            "--json"));
            Matcher label = LABEL.matcher(answer.said());
            assertThat(label.find()).as(answer.said()).isTrue();
            labels.add(label.group());
        }
    }

    private CommandBench.Answer untilDone(IntPredicate mayFailSo, Supplier<CommandBench.Answer> command) {
        CommandBench.Answer last = new CommandBench.Answer(-1, "never run");
        for (int i = 0; i < TRIES; i++) {
            last = command.get();
            if (last.exit() == 0) {
                return last;
            }
            failures.incrementAndGet();
            assertThat(mayFailSo.test(last.exit()))
                    .as("exit %s: %s", last.exit(), last.said())
                    .isTrue();
        }
        throw new AssertionError("not in " + TRIES + " tries: " + last);
    }

    private Path offered(int number) {
        try {
            // PostgreSQL's name for it, in a directory of this thread
            Path own = Files.createDirectories(
                    directory.resolve("wal-" + Thread.currentThread().getId()));
            return Files.write(own.resolve(name(number)), content(number));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
