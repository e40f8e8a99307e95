package io.tidemark.kmip.testing;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/** One connection of a scripted server; everything on its event loop. */
final class Session extends ChannelInboundHandlerAdapter {
    private final int connection;
    private final ServerTls.Clients wanted;
    private final Answerer answerer;
    private final Consumer<Throwable> failures;
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private final List<Reply> outOfTurn = new ArrayList<>();
    private boolean answering;
    private int number;

    Session(int connection, ServerTls.Clients wanted, Answerer answerer, Consumer<Throwable> failures) {
        this.connection = connection;
        this.wanted = wanted;
        this.answerer = answerer;
        this.failures = failures;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        waiting.add((byte[]) message);
        next(context);
    }

    private void next(ChannelHandlerContext context) {
        if (answering || waiting.isEmpty()) {
            return;
        }
        String client = client(context);
        if (client.isEmpty() && wanted == ServerTls.Clients.MISSED_AT_THE_FIRST_REQUEST) {
            Ending.of(context);
            return;
        }
        answering = true;
        number++;
        try {
            KmipRequest request = new KmipRequest(waiting.removeFirst(), connection, number, client);
            Reply reply = answerer.answer(request);
            if (reply.turn() == Reply.Turn.AFTER_THE_NEXT) {
                outOfTurn.add(reply);
                answered(context);
            } else {
                reply.play(new Speaking(context), () -> heldBack(context));
            }
        } catch (Throwable failure) {
            failures.accept(failure);
            Ending.of(context);
        }
    }

    private void heldBack(ChannelHandlerContext context) {
        if (outOfTurn.isEmpty()) {
            answered(context);
        } else {
            outOfTurn.remove(0).play(new Speaking(context), () -> heldBack(context));
        }
    }

    private void answered(ChannelHandlerContext context) {
        answering = false;
        next(context);
    }

    private static String client(ChannelHandlerContext context) {
        try {
            X509Certificate shown = (X509Certificate) context.pipeline()
                    .get(SslHandler.class)
                    .engine()
                    .getSession()
                    .getPeerCertificates()[0];
            X500Name subject =
                    X500Name.getInstance(shown.getSubjectX500Principal().getEncoded());
            return IETFUtils.valueToString(
                    subject.getRDNs(BCStyle.CN)[0].getFirst().getValue());
        } catch (SSLPeerUnverifiedException e) {
            return "";
        }
    }

    /** Handshakes that fail and clients that go away are the client's business: its test looks at them. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Ending.of(context);
    }

    private record Speaking(ChannelHandlerContext context) implements Reply.Speaker {
        @Override
        public void send(byte[] bytes, Runnable then) {
            context.writeAndFlush(Unpooled.wrappedBuffer(bytes)).addListener(sent -> {
                if (sent.isSuccess()) {
                    then.run();
                }
            });
        }

        @Override
        public void later(Duration delay, Runnable then) {
            context.executor()
                    .schedule(then, delay.toNanos(), TimeUnit.NANOSECONDS)
                    .addListener(done -> {});
        }

        @Override
        public void close() {
            Ending.of(context);
        }

        @Override
        public void shakeHandsAgain(Runnable then) {
            context.pipeline().get(SslHandler.class).renegotiate().addListener(shaken -> {
                if (shaken.isSuccess()) {
                    then.run();
                }
            });
        }

        @Override
        public void reset() {
            Ending.byReset(context.channel());
        }
    }
}
