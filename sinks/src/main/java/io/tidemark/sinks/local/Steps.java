package io.tidemark.sinks.local;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.scheduler.Scheduler;

/**
 * One operation's place on the file scheduler: its steps run one after the other, in the order in which they came, on any
 * of its threads. A step that was accepted runs, and is not interrupted: so a file needs no lock, what undoes a step
 * comes behind it, and a step that was given a buffer releases it. (A scheduler's worker promises none of this once it
 * is disposed of, which is why {@code publishOn} can lose buffers to a cancel.)
 */
final class Steps implements Executor {

    private final Scheduler files;
    private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();

    Steps(Scheduler files) {
        this.files = files;
    }

    /**
     * Adds a step, which must not throw.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the scheduler is closed; the step will not run
     */
    @Override
    public void execute(Runnable step) {
        queue.add(step);
        if (pending.getAndIncrement() == 0) {
            schedule();
        }
    }

    private void schedule() {
        // The task is not kept: nobody may take it back.
        var unused = files.schedule(this::drain);
    }

    private void drain() {
        do {
            Runnable step = queue.poll();
            if (step != null) {
                step.run();
            }
        } while (pending.decrementAndGet() != 0);
    }
}
