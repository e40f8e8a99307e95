package io.tidemark.sinks.s3;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The memory in which parts wait for their answer: one budget for a whole process, whatever the number and length of
 * objects. Who wants a part waits his turn; pages are reused. Any thread.
 */
public final class PartMemory {
    /** What all parts may take together. */
    public static final long BYTES = 64L << 20;

    static final int PAGE_BYTES = 256 << 10;

    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Deque<byte[]> pages = new ArrayDeque<>();
    private long free;

    /** @param bytes in all, at least {@link PartPlan#GREATEST_PART} */
    public PartMemory(long bytes) {
        if (bytes < PartPlan.GREATEST_PART) {
            throw new IllegalArgumentException("memory of " + bytes + " bytes for parts of " + PartPlan.GREATEST_PART);
        }
        this.free = bytes;
    }

    /** Takes a part, when there is room for it. */
    interface Taker {
        /** Called once, on this thread or the one that makes room. */
        void take(Part part);
    }

    /** Asks for a part of so many bytes at most; first come, first served. */
    void want(int bytes, Taker taker) {
        synchronized (this) {
            waiting.add(new Waiting(bytes, taker));
        }
        grant();
    }

    synchronized byte[] page() {
        byte[] page = pages.poll();
        return page == null ? new byte[PAGE_BYTES] : page;
    }

    void giveBack(int bytes, List<byte[]> used) {
        synchronized (this) {
            free += bytes;
            pages.addAll(used);
        }
        grant();
    }

    /** How many bytes nobody has taken. */
    public synchronized long free() {
        return free;
    }

    private void grant() {
        List<Waiting> granted = new ArrayList<>();
        synchronized (this) {
            while (!waiting.isEmpty() && waiting.peek().bytes <= free) {
                Waiting next = waiting.remove();
                free -= next.bytes;
                granted.add(next);
            }
        }
        granted.forEach(next -> next.taker.take(new Part(this, next.bytes)));
    }

    private record Waiting(int bytes, Taker taker) {}
}
