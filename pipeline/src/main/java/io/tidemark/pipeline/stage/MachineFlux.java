package io.tidemark.pipeline.stage;

import io.netty.buffer.ByteBuf;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * Drives a {@link ByteMachine}: buffers given in, buffers given out, in order, cold, one machine a subscription.
 * Without demand at most {@value #PREFETCH} input buffers wait and one output is ready. Ends with the source and with its
 * error, or with the machine's; cancel and errors close the machine and release every buffer it was given.
 *
 * <p>An operator of our own because no chain of Reactor's gives one owner to the bytes between an input buffer and the
 * outputs cut from it: {@code flatMapIterable} forgets half-read iterators on cancel, {@code handle} cannot emit many.
 */
final class MachineFlux extends Flux<ByteBuf> {

    static final int PREFETCH = 4;

    private final Flux<ByteBuf> source;
    private final Supplier<ByteMachine> machines;
    private final @Nullable Scheduler scheduler;

    private MachineFlux(Flux<ByteBuf> source, Supplier<ByteMachine> machines, @Nullable Scheduler scheduler) {
        this.source = source;
        this.machines = machines;
        this.scheduler = scheduler;
    }

    /** The machine's work runs where the caller's signals arrive: for cheap machines. */
    static Flux<ByteBuf> inline(Flux<ByteBuf> source, Supplier<ByteMachine> machines) {
        return new MachineFlux(source, machines, null);
    }

    /** The machine's work runs on one worker of the scheduler: for ciphers and compression. */
    static Flux<ByteBuf> on(Scheduler scheduler, Flux<ByteBuf> source, Supplier<ByteMachine> machines) {
        return new MachineFlux(source, machines, scheduler);
    }

    @Override
    public void subscribe(CoreSubscriber<? super ByteBuf> actual) {
        ByteMachine machine;
        try {
            machine = machines.get();
        } catch (RuntimeException | LinkageError e) {
            Operators.error(actual, e);
            return;
        }
        source.subscribe(new Run(actual, machine, scheduler == null ? null : scheduler.createWorker()));
    }

    private static final class Run implements CoreSubscriber<ByteBuf>, Subscription, Runnable {
        private final CoreSubscriber<? super ByteBuf> actual;
        private final ByteMachine machine;
        private final Scheduler.@Nullable Worker worker;
        private final Queue<ByteBuf> input = Queues.<ByteBuf>get(PREFETCH).get();
        private final AtomicInteger wakes = new AtomicInteger();
        private final AtomicLong requested = new AtomicLong();
        private Subscription upstream = Operators.emptySubscription();
        // written by the source's thread before `sourceDone`, read after it
        private @Nullable Throwable sourceError;
        private volatile boolean sourceDone;
        private volatile boolean cancelled;
        // below: only touched while draining, which `wakes` makes exclusive
        private @Nullable ByteBuf ready;
        private long emitted;
        private int consumed;
        private boolean ended;
        private boolean finished;
        private boolean closed;

        private Run(CoreSubscriber<? super ByteBuf> actual, ByteMachine machine, Scheduler.@Nullable Worker worker) {
            this.actual = actual;
            this.machine = machine;
            this.worker = worker;
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription s) {
            upstream = s;
            actual.onSubscribe(this);
            s.request(PREFETCH);
        }

        @Override
        public void onNext(ByteBuf buffer) {
            if (!input.offer(buffer)) {
                buffer.release();
                throw new IllegalStateException("the source sends more than was requested");
            }
            wake();
        }

        @Override
        public void onError(Throwable error) {
            if (sourceDone || cancelled) {
                Operators.onErrorDropped(error, actual.currentContext());
                return;
            }
            sourceError = error;
            sourceDone = true;
            wake();
        }

        @Override
        public void onComplete() {
            sourceDone = true;
            wake();
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                requested.accumulateAndGet(n, Operators::addCap);
                wake();
            }
        }

        @Override
        public void cancel() {
            if (!cancelled) {
                cancelled = true;
                upstream.cancel();
                wake();
            }
        }

        private void wake() {
            if (wakes.getAndIncrement() != 0) {
                return;
            }
            if (worker == null) {
                run();
                return;
            }
            try {
                worker.schedule(this);
            } catch (RejectedExecutionException e) {
                // The scheduler is gone (the process ends): nobody else drains now, so this thread may close.
                upstream.cancel();
                boolean tell = !cancelled && !closed;
                close();
                if (tell) {
                    actual.onError(Operators.onRejectedExecution(e, actual.currentContext()));
                }
                run();
            }
        }

        @Override
        public void run() {
            int missed = 1;
            do {
                drain();
                missed = wakes.addAndGet(-missed);
            } while (missed != 0);
        }

        private void drain() {
            while (!closed) {
                if (cancelled) {
                    close();
                    return;
                }
                // Looked at once a round: a source that ends later wakes this again, and one that fails does not pass
                // for one that ended.
                boolean last = sourceDone;
                Throwable failure = last ? sourceError : null;
                if (failure != null) {
                    fail(failure);
                    return;
                }
                boolean wanted = requested.get() != emitted;
                // Without demand only the end is looked for, so that it can be told at once.
                if (ready == null && (wanted || (last && input.isEmpty()))) {
                    try {
                        ready = advance(last);
                    } catch (RuntimeException | LinkageError e) {
                        upstream.cancel();
                        fail(e);
                        return;
                    }
                }
                ByteBuf next = ready;
                if (next == null) {
                    if (finished) {
                        close();
                        actual.onComplete();
                    }
                    return;
                }
                if (!wanted) {
                    return;
                }
                ready = null;
                emitted++;
                actual.onNext(next);
            }
            discardInput();
        }

        /** @param last whether the source had ended, well, before this looks for what is left of its input */
        private @Nullable ByteBuf advance(boolean last) {
            while (!finished) {
                ByteBuf output = machine.poll();
                if (output != null) {
                    return output;
                }
                if (ended) {
                    finished = true;
                    return null;
                }
                ByteBuf next = input.poll();
                if (next != null) {
                    machine.offer(next);
                    replenish();
                } else if (last) {
                    ended = true;
                    machine.end();
                } else {
                    return null;
                }
            }
            return null;
        }

        private void replenish() {
            consumed++;
            if (consumed == PREFETCH / 2) {
                consumed = 0;
                upstream.request(PREFETCH / 2);
            }
        }

        private void fail(Throwable error) {
            close();
            actual.onError(error);
        }

        private void close() {
            if (closed) {
                discardInput();
                return;
            }
            closed = true;
            machine.close();
            ByteBuf unsent = ready;
            ready = null;
            if (unsent != null) {
                unsent.release();
            }
            discardInput();
            if (worker != null) {
                worker.dispose();
            }
        }

        private void discardInput() {
            for (ByteBuf buffer = input.poll(); buffer != null; buffer = input.poll()) {
                buffer.release();
            }
        }
    }
}
