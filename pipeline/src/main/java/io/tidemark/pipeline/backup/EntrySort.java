package io.tidemark.pipeline.backup;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Sorts any number of entries in bounded memory: what is more than a run's worth is sorted, spilled and merged. Blocks
 * on files; for one thread at a time.
 */
final class EntrySort {
    private static final int BUFFER_BYTES = 1 << 14;

    private final Spill spill;
    private final int runBytes;
    private final List<Spill.Run> runs = new ArrayList<>();
    private List<SortedEntry> held = new ArrayList<>();
    private long heldBytes;

    /** @param runBytes how much is held, on the heap */
    EntrySort(Spill spill, int runBytes) {
        this.spill = spill;
        this.runBytes = runBytes;
    }

    void add(SortedEntry entry) throws IOException {
        held.add(entry);
        heldBytes += entry.heapBytes();
        if (heldBytes > runBytes) {
            Collections.sort(held);
            runs.add(spilled(held));
            held = new ArrayList<>();
            heldBytes = 0;
        }
    }

    /** All entries in the order of their paths. Nothing may be added any more. */
    Merge sorted() throws IOException {
        Collections.sort(held);
        List<Source> sources = new ArrayList<>();
        sources.add(new Source(held));
        for (Spill.Run run : runs) {
            sources.add(new Source(new DataInputStream(new BufferedInputStream(spill.read(run), BUFFER_BYTES))));
        }
        return new Merge(sources);
    }

    private Spill.Run spilled(List<SortedEntry> sorted) throws IOException {
        Spill.Writer run = spill.newRun();
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(run, BUFFER_BYTES));
        for (SortedEntry entry : sorted) {
            out.writeBoolean(true);
            entry.writeTo(out);
        }
        out.writeBoolean(false);
        out.flush();
        return run.end();
    }

    /** Gives the entries one by one. */
    static final class Merge {
        private final PriorityQueue<Source> sources = new PriorityQueue<>();

        private Merge(List<Source> all) throws IOException {
            for (Source source : all) {
                if (source.advance()) {
                    sources.add(source);
                }
            }
        }

        /** The next entry; empty at the end. */
        Optional<SortedEntry> next() throws IOException {
            Source least = sources.poll();
            if (least == null) {
                return Optional.empty();
            }
            SortedEntry entry = least.current();
            if (least.advance()) {
                sources.add(least);
            }
            return Optional.of(entry);
        }
    }

    private static final class Source implements Comparable<Source> {
        private final List<SortedEntry> held;
        private final @Nullable DataInputStream in;
        private int position;
        private @Nullable SortedEntry current;

        Source(List<SortedEntry> held) {
            this.held = held;
            this.in = null;
        }

        Source(DataInputStream in) {
            this.held = List.of();
            this.in = in;
        }

        boolean advance() throws IOException {
            if (in != null) {
                current = in.readBoolean() ? SortedEntry.readFrom(in) : null;
            } else {
                current = position < held.size() ? held.get(position++) : null;
            }
            return current != null;
        }

        SortedEntry current() {
            if (current == null) {
                throw new IllegalStateException("a run that has ended was asked for its entry");
            }
            return current;
        }

        @Override
        public int compareTo(Source other) {
            return current().compareTo(other.current());
        }
    }
}
