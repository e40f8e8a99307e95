package io.tidemark.sinks.local;

import io.netty.buffer.ByteBuf;
import io.tidemark.sinks.ObjectBody;
import io.tidemark.sinks.PutOutcome;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;

/**
 * Writes a body into a {@link PendingFile} and publishes it: create, write each buffer, publish, discard, as {@link Steps},
 * so that a cancel's discard comes behind the write that it met and every buffer is released.
 */
final class Put implements CoreSubscriber<ByteBuf> {

    /** Buffers asked for ahead: one is written while the next is made. */
    private static final int AHEAD = 2;

    private final Steps steps;
    private final PendingFile file;
    private final ObjectBody body;
    private final MonoSink<PutOutcome> sink;

    private volatile @Nullable Subscription source;
    private volatile boolean cancelled;

    // Only steps touch it, and they run one after the other.
    private boolean ended;

    private Put(Steps steps, PendingFile file, ObjectBody body, MonoSink<PutOutcome> sink) {
        this.steps = steps;
        this.file = file;
        this.body = body;
        this.sink = sink;
    }

    /** One outcome when the object is durable, or an error; either way, and on cancel, no temporary file is left. */
    static Mono<PutOutcome> of(Scheduler files, PendingFile file, ObjectBody body) {
        return Mono.create(sink -> {
            Put put = new Put(new Steps(files), file, body, sink);
            var unused = sink.onCancel(put::cancel);
            put.step(file::create);
            body.bytes().subscribe(put);
        });
    }

    @Override
    public Context currentContext() {
        return Context.of(sink.contextView());
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (Operators.validate(source, subscription)) {
            source = subscription;
            if (cancelled) {
                subscription.cancel();
            } else {
                subscription.request(AHEAD);
            }
        }
    }

    @Override
    public void onNext(ByteBuf buffer) {
        try {
            steps.execute(() -> write(buffer));
        } catch (RejectedExecutionException e) {
            buffer.release();
            cancelSource();
            sink.error(e);
        }
    }

    @Override
    public void onComplete() {
        step(() -> end(cancelled ? null : file.publish(body), null));
    }

    @Override
    public void onError(Throwable error) {
        step(() -> end(null, error));
    }

    private void cancel() {
        cancelled = true;
        cancelSource();
        step(() -> end(null, null));
    }

    private void write(ByteBuf buffer) {
        if (ended || cancelled) {
            buffer.release();
            return;
        }
        run(() -> file.write(buffer));
        Subscription from = source;
        if (from != null && !ended) {
            from.request(1);
        }
    }

    private void step(Runnable work) {
        try {
            steps.execute(() -> run(work));
        } catch (RejectedExecutionException e) {
            cancelSource();
            sink.error(e);
        }
    }

    private void run(Runnable work) {
        if (ended) {
            return;
        }
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            // Whatever it is, the file must go; what is fatal to the process goes on to whoever waits.
            cancelSource();
            end(null, e);
            Exceptions.throwIfJvmFatal(e);
        }
    }

    /** The last step that does anything. Its answer comes after the temporary file is gone. */
    private void end(@Nullable PutOutcome outcome, @Nullable Throwable error) {
        ended = true;
        Throwable failure = error;
        try {
            file.discard();
        } catch (RuntimeException e) {
            if (failure == null) {
                failure = e;
            } else {
                failure.addSuppressed(e);
            }
        }
        if (failure != null && !cancelled) {
            sink.error(failure);
        } else {
            sink.success(outcome);
        }
    }

    private void cancelSource() {
        Subscription from = source;
        if (from != null) {
            from.cancel();
        }
    }
}
