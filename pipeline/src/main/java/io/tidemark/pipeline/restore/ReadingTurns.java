package io.tidemark.pipeline.restore;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * How many ranges may be held at once, from the request to the last byte written: this bounds requests in flight and memory both.
 * Who holds a turn must not wait for another. Usable from any thread.
 */
final class ReadingTurns {
    // both guarded by this
    private final Deque<MonoSink<Boolean>> waiting = new ArrayDeque<>();
    private int free;

    ReadingTurns(int turns) {
        this.free = turns;
    }

    /** Does the work when there is a turn, and gives the turn back however the work ends. */
    <T> Mono<T> during(Supplier<Mono<T>> work) {
        return Mono.usingWhen(turn(), got -> work.get(), got -> Mono.fromRunnable(this::pass));
    }

    private Mono<Boolean> turn() {
        return Mono.create(sink -> {
            synchronized (this) {
                if (free == 0) {
                    waiting.add(sink.onCancel(() -> forget(sink)));
                    return;
                }
                free--;
            }
            sink.success(true);
        });
    }

    private synchronized void forget(MonoSink<Boolean> sink) {
        waiting.remove(sink);
    }

    private void pass() {
        MonoSink<Boolean> next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                free++;
                return;
            }
        }
        next.success(true);
    }
}
