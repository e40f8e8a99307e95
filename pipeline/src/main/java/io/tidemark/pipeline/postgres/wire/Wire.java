package io.tidemark.pipeline.postgres.wire;

import io.netty.channel.Channel;
import io.tidemark.pipeline.postgres.message.BackendMessage;
import io.tidemark.pipeline.postgres.message.FrontendMessage;
import java.time.Duration;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One connection, on which one exchange follows the other. */
public final class Wire {
    private final Channel channel;
    private final SessionHandler session;
    private final String where;
    private final Security security;

    Wire(Channel channel, SessionHandler session, String where, Security security) {
        this.channel = channel;
        this.session = session;
        this.where = where;
        this.security = security;
    }

    /**
     * One request and the messages that answer it. Cold: each subscription sends the request, and takes one subscriber; while another
     * exchange is under way it fails. Messages come in order, on the event loop; those with bytes are given. Without demand nothing is
     * read from the socket. Completes with ReadyForQuery; fails with {@link io.tidemark.pipeline.config.PostgresFailed} after the
     * server's error, on silence, a lost connection, or what is no PostgreSQL protocol. Cancelled before the end it sends a CancelRequest
     * and closes the connection.
     *
     * @param attempted what is tried, to begin a message with
     * @param first how long the server may be silent before the first message; time without demand does not count
     * @param between the same, from one message to the next
     */
    public Flux<BackendMessage> exchange(String attempted, FrontendMessage request, Duration first, Duration between) {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super BackendMessage> subscriber) {
                Exchange exchange = new Exchange(session, subscriber, attempted, request, first, between);
                subscriber.onSubscribe(exchange);
                session.begin(exchange);
            }
        };
    }

    /** A further message of the exchange that is under way. */
    public void send(FrontendMessage message) {
        session.send(message);
    }

    /** Where the server is, for messages. */
    public String where() {
        return where;
    }

    public Security security() {
        return security;
    }

    /** Ends the session, in the middle of an exchange too, and completes when the socket is closed. */
    public Mono<Void> close() {
        return Mono.create(sink -> {
            session.end();
            channel.closeFuture().addListener(closed -> sink.success());
        });
    }
}
