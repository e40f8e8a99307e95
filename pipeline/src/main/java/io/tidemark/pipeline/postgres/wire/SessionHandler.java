package io.tidemark.pipeline.postgres.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.util.concurrent.EventExecutor;
import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.postgres.message.BackendMessage;
import io.tidemark.pipeline.postgres.message.FrontendMessage;
import io.tidemark.pipeline.postgres.message.ServerErrors;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The last handler of a connection: gives each message to the exchange that it answers, and reads from the socket only where that
 * exchange has demand and nothing waits. So at most what one read brought waits here.
 *
 * <p>All state belongs to the channel's event loop; what other threads may call hops there.
 */
final class SessionHandler extends ChannelInboundHandlerAdapter {
    private final String where;
    private final Duration startTime;
    private final long startDeadline;
    private final Canceller canceller;
    private final EventExecutor loop;
    private final SilenceAlarm alarm;
    private final Deque<BackendMessage> waiting = new ArrayDeque<>();

    // set when the handler is added, before anyone else knows it
    private @Nullable ChannelHandlerContext context;
    private @Nullable Exchange current;
    private @Nullable RuntimeException dead;
    // the channel is closed, but what it brought may still wait
    private @Nullable RuntimeException lost;
    private BackendMessage.@Nullable BackendKeyData key;
    private boolean started;
    private boolean emitting;
    private @Nullable Future<?> startAlarm;

    /** Ends, at the server, what a session is doing. */
    interface Canceller {
        /** @param then runs when that was done, or could not be */
        void cancel(BackendMessage.BackendKeyData key, Runnable then);
    }

    /**
     * @param startTime for the start of the session, connecting included
     * @param startDeadline by the event loop's ticker
     */
    SessionHandler(EventExecutor loop, String where, Duration startTime, long startDeadline, Canceller canceller) {
        this.loop = loop;
        this.alarm = new SilenceAlarm(loop, this::silent);
        this.where = where;
        this.startTime = startTime;
        this.startDeadline = startDeadline;
        this.canceller = canceller;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        startAlarm = loop.schedule(
                () -> abort(tooSlow(where, startTime)),
                startDeadline - loop.ticker().nanoTime(),
                TimeUnit.NANOSECONDS);
    }

    static PostgresFailed tooSlow(String where, Duration time) {
        return new PostgresFailed(
                "no session at " + where + " within " + time.toSeconds() + " s",
                "see whether the server and the network between are alive; connect_timeout= gives more time");
    }

    private ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("no channel yet");
        }
        return context;
    }

    /** From any thread. */
    void begin(Exchange exchange) {
        onLoop(() -> started(exchange));
    }

    /** From any thread. */
    void demanded() {
        onLoop(this::drain);
    }

    /** From any thread. */
    void cancelled(Exchange exchange) {
        onLoop(() -> {
            if (current == exchange) {
                abort(new PostgresFailed(
                        "the connection to " + where + " was given up in the middle of " + exchange.attempted()));
            }
        });
    }

    /** From any thread: a further message of the running exchange, such as an answer to an authentication request. */
    void send(FrontendMessage message) {
        onLoop(() -> {
            if (dead == null) {
                write(message);
            }
        });
    }

    /** From any thread: says good-bye where nothing is under way, and closes. */
    void end() {
        onLoop(() -> {
            if (current != null) {
                abort(new PostgresFailed(
                        "the connection to " + where + " was closed in the middle of " + current.attempted()));
            } else if (dead == null) {
                dead = new PostgresFailed("the connection to " + where + " is closed");
                discardWaiting();
                context()
                        .writeAndFlush(
                                new FrontendMessage.Terminate().encode(context().alloc()))
                        .addListener(written -> Closing.begin(context()));
            }
        });
    }

    private void started(Exchange exchange) {
        if (current != null) {
            exchange.fail(new IllegalStateException("one exchange at a time: " + current.attempted()
                    + " is under way on " + where + ", and " + exchange.attempted() + " was begun"));
            return;
        }
        while (dead == null && !waiting.isEmpty()) {
            unasked(waiting.remove());
        }
        if (dead == null && lost != null) {
            die(lost);
        }
        if (dead != null) {
            exchange.fail(dead);
            return;
        }
        current = exchange;
        alarm.watch(exchange);
        write(exchange.request());
        drain();
    }

    /** What comes between exchanges: news of parameters, or the server's last words. */
    private void unasked(BackendMessage message) {
        switch (message.kind()) {
            case PARAMETER, NOTICE, NOTIFICATION -> message.discard();
            case ERROR -> {
                BackendMessage.ErrorResponse error = (BackendMessage.ErrorResponse) message;
                die(ServerErrors.failure("the connection to " + where, error.error()));
            }
            case AUTHENTICATION,
                    NEGOTIATION,
                    KEY_DATA,
                    READY,
                    COLUMNS,
                    ROW,
                    COMMAND_COMPLETE,
                    EMPTY_QUERY,
                    COPY_OUT,
                    COPY_DATA,
                    COPY_DONE -> {
                message.discard();
                die(new PostgresFailed("what came from " + where + " is not PostgreSQL's protocol: " + message.kind()
                        + " that nobody asked for"));
            }
        }
    }

    private void write(FrontendMessage message) {
        ByteBuf bytes;
        try {
            bytes = message.encode(context().alloc());
        } catch (IllegalArgumentException e) {
            abort(e);
            return;
        }
        context().writeAndFlush(bytes).addListener(written -> {
            if (!written.isSuccess()) {
                lost(written.cause());
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext ignored, Object message) {
        if (dead != null) {
            ((BackendMessage) message).discard();
        } else {
            waiting.add((BackendMessage) message);
            alarm.notAsked();
            drain();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ignored) {
        drain();
    }

    /** Gives away what waits, as far as it is wanted; asks the socket for more where nothing waits and something is wanted. */
    private void drain() {
        if (emitting) {
            return;
        }
        emitting = true;
        try {
            while (current != null && !waiting.isEmpty() && take(current)) {
                continue;
            }
        } finally {
            emitting = false;
        }
        if (lost != null && waiting.isEmpty()) {
            die(lost);
            return;
        }
        boolean ask = current != null && waiting.isEmpty() && current.wantsMore();
        if (ask) {
            alarm.asked();
            context().read();
        }
    }

    /** Whether the first message that waits was dealt with; if not, it waits for demand. */
    private boolean take(Exchange exchange) {
        BackendMessage message = waiting.element();
        return switch (message.kind()) {
            case READY -> {
                waiting.remove();
                finished(exchange);
                yield true;
            }
            case ERROR -> {
                waiting.remove();
                refused(exchange, (BackendMessage.ErrorResponse) message);
                yield true;
            }
            case NOTIFICATION -> {
                waiting.remove();
                yield true;
            }
            case KEY_DATA -> {
                waiting.remove();
                key = (BackendMessage.BackendKeyData) message;
                yield true;
            }
            case AUTHENTICATION,
                    NEGOTIATION,
                    PARAMETER,
                    COLUMNS,
                    ROW,
                    COMMAND_COMPLETE,
                    EMPTY_QUERY,
                    COPY_OUT,
                    COPY_DATA,
                    COPY_DONE,
                    NOTICE -> given(exchange, message);
        };
    }

    private boolean given(Exchange exchange, BackendMessage message) {
        if (!exchange.wantsMore()) {
            return false;
        }
        waiting.remove();
        if (exchange.isFirstAnswer()) {
            alarm.watch(exchange);
        }
        exchange.next(message);
        return true;
    }

    private void finished(Exchange exchange) {
        started = true;
        endStart();
        forget();
        exchange.complete();
    }

    /** Up to ReadyForQuery the rest is passed over; where the session ends with the error, nothing more comes. */
    private void refused(Exchange exchange, BackendMessage.ErrorResponse error) {
        PostgresFailed failure = ServerErrors.failure(exchange.attempted() + " on " + where, error.error());
        exchange.refused(failure);
        if (!started || error.error().endsSession()) {
            die(failure);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ignored) {
        lost(null);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ignored, Throwable cause) {
        Throwable root = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        if (root instanceof PostgresFailed failure) {
            abort(failure);
        } else {
            lost(root);
        }
    }

    /** What came before is given away first: a server may answer in full and close at once. */
    private void lost(@Nullable Throwable cause) {
        String doing = current == null ? "" : " during " + current.attempted();
        String reason = cause == null || cause.getMessage() == null ? "the server closed it" : cause.getMessage();
        if (lost == null) {
            lost = new PostgresFailed(
                    "the connection to " + where + " was lost" + doing + ": " + reason,
                    "the server's log says why, unless the network did it",
                    cause);
        }
        drain();
    }

    private void silent(Exchange exchange) {
        abort(new PostgresFailed(
                "nothing came from " + where + " for " + TimeUnit.NANOSECONDS.toSeconds(exchange.patienceNanos())
                        + " s during " + exchange.attempted(),
                "see whether the server and the network between are alive, and what pg_stat_activity says"));
    }

    /** Ends what the server is doing for us, then the connection: after an exchange that did not end, it is of no use. */
    private void abort(RuntimeException reason) {
        if (dead != null) {
            return;
        }
        dead = reason;
        if (started && current != null && key != null) {
            canceller.cancel(key, () -> Closing.begin(context()));
        } else {
            Closing.begin(context());
        }
        fail(reason);
    }

    private void die(RuntimeException reason) {
        if (dead == null) {
            dead = reason;
        }
        Closing.begin(context());
        fail(dead);
    }

    private void fail(RuntimeException reason) {
        endStart();
        discardWaiting();
        Exchange exchange = current;
        forget();
        if (exchange != null) {
            exchange.fail(reason);
        }
    }

    private void endStart() {
        if (startAlarm != null) {
            startAlarm.cancel(false);
            startAlarm = null;
        }
    }

    private void forget() {
        current = null;
        alarm.stop();
    }

    private void discardWaiting() {
        waiting.forEach(BackendMessage::discard);
        waiting.clear();
    }

    private void onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
            return;
        }
        try {
            loop.execute(task);
        } catch (RejectedExecutionException ended) {
            // the event loops have ended, and closed every channel before; who waited was told
            return;
        }
    }
}
