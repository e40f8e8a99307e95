package io.tidemark.sinks.s3;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs steps one after the other, in the order in which they came, on the thread of whoever finds it idle. */
final class Serial implements Executor {
    private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();

    /** @param step must not throw */
    @Override
    public void execute(Runnable step) {
        queue.add(step);
        if (pending.getAndIncrement() != 0) {
            return;
        }
        do {
            Runnable next = queue.poll();
            if (next != null) {
                next.run();
            }
        } while (pending.decrementAndGet() != 0);
    }
}
