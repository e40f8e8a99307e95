package io.tidemark.sinks.s3;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.Executor;
import reactor.core.scheduler.Scheduler;

/**
 * Completes requests off the event loops, and only after the loop has done with the answer. In place, an answer that is an error would
 * reach the HTTP client as a cancellation before the client itself has seen that answer's end: it would close the
 * connection, which by then is in the pool, under the next request (SDK 2.57.8: of 300 HEADs of absent keys 6 broke the one behind
 * them in place, 1 on another thread at once, none so).
 */
final class AfterAnswer implements Executor {
    private final EventLoopGroup loops;
    private final Scheduler scheduler;

    AfterAnswer(EventLoopGroup loops, Scheduler scheduler) {
        this.loops = loops;
        this.scheduler = scheduler;
    }

    @Override
    public void execute(Runnable completion) {
        for (EventExecutor loop : loops) {
            if (loop.inEventLoop()) {
                loop.execute(() -> scheduler.schedule(completion));
                return;
            }
        }
        scheduler.schedule(completion);
    }
}
