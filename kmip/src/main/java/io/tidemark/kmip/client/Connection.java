package io.tidemark.kmip.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.KmipException.Attempt;
import io.tidemark.kmip.message.RequestMessage;
import io.tidemark.kmip.message.ResponseMessage;
import io.tidemark.kmip.tls.KmipTls;
import io.tidemark.kmip.ttlv.Frame;
import io.tidemark.kmip.ttlv.MalformedMessage;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import org.jspecify.annotations.Nullable;

/**
 * One connection, the last handler of its pipeline: requests go out in one write each, answers belong to them by their order. Whatever
 * breaks a rule, or is late, ends it and fails all that was asked on it; there is no way to find the next message again.
 */
final class Connection extends ChannelInboundHandlerAdapter implements FrameReader.Receiver, Exchange.Way {
    private final KmipTls tls;
    private final KmipSettings settings;
    private final Owner owner;

    private final Place place = new Place();

    // all below belongs to the event loop
    private final Deque<Sent> sent = new ArrayDeque<>();
    private final List<Runnable> news = new ArrayList<>();
    private @Nullable ChannelHandlerContext context;
    private @Nullable FrameReader frames;
    private @Nullable SlowAnswer slow;
    private @Nullable Failing ended;
    private @Nullable SSLEngine renegotiable;
    private long nextId = 1;
    private boolean proven;

    /** A request that waits for its answer. */
    private record Sent(Exchange<?> exchange, RequestMessage request, Future<?> alarm) {}

    /** Why it ended, said to each request that was under way. */
    private interface Failing extends Function<Attempt, KmipException> {}

    /** Who gives it requests. Called on the event loop. */
    interface Owner {
        /** Of a connection that is asked once. */
        Owner NOBODY = new Owner() {
            @Override
            public void freed(Connection connection) {}

            @Override
            public void ended(Connection connection) {}
        };

        /** One request less is under way. */
        void freed(Connection connection);

        /** It takes no more requests. */
        void ended(Connection connection);
    }

    /** What its pool notes of it, under the lock of the pool. */
    static final class Place {
        /** Requests that were given to it and not answered. */
        int load;
        /** It takes no more. */
        boolean retired;

        long idleSince;

        @Nullable
        Future<?> alarm;
    }

    Connection(KmipTls tls, KmipSettings settings, Owner owner) {
        this.tls = tls;
        this.settings = settings;
        this.owner = owner;
    }

    KmipTls tls() {
        return tls;
    }

    Place place() {
        return place;
    }

    /** On its event loop. */
    boolean hasEnded() {
        return ended != null;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        frames = new FrameReader(settings.limits(), added.alloc());
    }

    /** Sends it, from any thread. */
    @Override
    public void take(Exchange<?> exchange) {
        ChannelHandlerContext to = opened();
        if (to.executor().inEventLoop()) {
            sendNow(to, exchange);
            return;
        }
        try {
            to.executor().execute(() -> sendNow(to, exchange));
        } catch (RejectedExecutionException e) {
            exchange.fail(new Lost(Endings.gone(exchange.attempt(), e), Lost.When.ON_AN_ENDED_CONNECTION));
        }
    }

    /** Its answer comes all the same. */
    @Override
    public void cancelled(Exchange<?> exchange) {}

    private void sendNow(ChannelHandlerContext to, Exchange<?> exchange) {
        if (ended != null) {
            exchange.fail(new Lost(Endings.gone(exchange.attempt(), null), Lost.When.ON_AN_ENDED_CONNECTION));
            return;
        }
        if (!exchange.isWanted()) {
            owner.freed(this);
            return;
        }
        RequestMessage request = exchange.message(nextId++);
        ByteBuf bytes;
        try {
            bytes = request.write(to.alloc());
        } catch (IllegalArgumentException | MalformedMessage e) {
            owner.freed(this);
            exchange.fail(Endings.unwritable(exchange.attempt(), request, e));
            return;
        }
        Deadline until = exchange.deadline().orIn(settings.requestTimeout());
        long nanos = until.nanosLeft();
        sent.add(new Sent(
                exchange, request, to.executor().schedule(() -> late(exchange, nanos), nanos, TimeUnit.NANOSECONDS)));
        // one reference stays here, to wipe what may have been a key
        to.writeAndFlush(bytes.retain()).addListener(written -> Frame.wipeAndRelease(bytes));
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        ByteBuf in = (ByteBuf) message;
        FrameReader reader = frames;
        if (ended != null || reader == null) {
            Frame.wipeAndRelease(in);
            return;
        }
        try {
            reader.read(in, this);
        } catch (MalformedMessage e) {
            end(attempt -> Endings.violated(attempt, e));
        }
        watch(from, reader);
        tell();
    }

    /** TLS 1.2 lets a server begin another handshake, with another certificate: nobody asked for that. */
    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        SSLEngine engine = renegotiable;
        if (engine != null && engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
            end(attempt -> Endings.violated(attempt, new MalformedMessage("it asks for another TLS handshake")));
        }
    }

    @Override
    public void begins() {
        if (sent.isEmpty()) {
            throw new MalformedMessage("bytes came that were no answer to anything");
        }
    }

    @Override
    public void frame(ByteBuf message) {
        ResponseMessage response = ResponseMessage.read(message, settings.limits());
        Sent first = sent.getFirst();
        news.add(first.exchange().read(first.request(), response, tls));
        sent.removeFirst();
        first.alarm().cancel(false);
        proven = true;
        if (slow != null) {
            slow.cancel();
            slow = null;
        }
    }

    /** Only now that all that came has been read: who hears of an answer may ask again at once. */
    private void tell() {
        List<Runnable> now = List.copyOf(news);
        news.clear();
        now.forEach(one -> owner.freed(this));
        now.forEach(Runnable::run);
    }

    private void watch(ChannelHandlerContext from, FrameReader reader) {
        if (slow == null && ended == null && reader.isAmidst()) {
            slow = SlowAnswer.watch(
                    from.executor(),
                    reader,
                    settings.requestTimeout(),
                    bytes -> end(attempt -> Endings.drips(attempt, bytes)));
        }
    }

    private void late(Exchange<?> exchange, long nanos) {
        Attempt late = exchange.attempt();
        end(attempt -> attempt == late ? Endings.late(attempt, nanos) : Endings.behind(attempt, late));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext from, Object event) {
        if (event instanceof SslHandshakeCompletionEvent shaken && shaken.isSuccess()) {
            SSLEngine engine = from.pipeline().get(SslHandler.class).engine();
            renegotiable = engine.getSession().getProtocol().equals("TLSv1.2") ? engine : null;
        }
        if (event instanceof SslCloseCompletionEvent) {
            end(broken(null));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        boolean network = cause instanceof IOException || cause.getCause() instanceof IOException;
        end(network ? broken(cause) : attempt -> Endings.violated(attempt, cause));
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        end(broken(null));
    }

    /** Ends it for a reason of ours; from any thread. */
    void close(String why) {
        ChannelHandlerContext to = opened();
        Failing closed = attempt -> Endings.closed(attempt, why);
        try {
            to.executor().execute(() -> end(closed));
        } catch (RejectedExecutionException e) {
            Closing.begin(to); // its loop has ended, and with it the socket
        }
    }

    private void end(Failing why) {
        if (ended != null) {
            return;
        }
        ended = why;
        FrameReader reader = frames;
        boolean amidst = reader != null && reader.isAmidst();
        if (reader != null) {
            reader.close();
        }
        if (slow != null) {
            slow.cancel();
        }
        List<Sent> unanswered = List.copyOf(sent);
        sent.clear();
        Closing.begin(opened());
        owner.ended(this);
        for (Sent one : unanswered) {
            one.alarm().cancel(false);
            boolean half = amidst && one == unanswered.get(0);
            Lost.When otherwise = proven ? Lost.When.ON_A_USED_CONNECTION : Lost.When.ON_A_NEW_CONNECTION;
            one.exchange()
                    .fail(new Lost(why.apply(one.exchange().attempt()), half ? Lost.When.HALF_ANSWERED : otherwise));
        }
    }

    private Failing broken(@Nullable Throwable cause) {
        return attempt -> proven ? Endings.gone(attempt, cause) : tls.firstAnswerFailed(attempt, cause);
    }

    private ChannelHandlerContext opened() {
        ChannelHandlerContext own = context;
        if (own == null) {
            throw new IllegalStateException("a connection that is in no pipeline yet");
        }
        return own;
    }
}
