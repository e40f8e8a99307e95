package io.tidemark.pipeline.restore;

import java.io.IOException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Lets the steps of one restore that change files through, until it is shut: a step that was cancelled may still run on its thread, and
 * must not meet what comes after. Blocks: for the scheduler of files.
 */
final class WritingGate {
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    // guarded by lock
    private boolean shut;

    /** A step that changes files. */
    interface Step<T> {
        T run() throws IOException;
    }

    /** Several at once. Fails where the gate is shut. */
    <T> T through(Step<T> step) throws IOException {
        Lock open = lock.readLock();
        open.lock();
        try {
            if (shut) {
                throw new IOException("the restore has ended");
            }
            return step.run();
        } finally {
            open.unlock();
        }
    }

    /** Waits for the steps that are under way; no other one begins. */
    void shut() {
        Lock closed = lock.writeLock();
        closed.lock();
        try {
            shut = true;
        } finally {
            closed.unlock();
        }
    }
}
