package io.tidemark.kmip.client;

import static java.util.Objects.requireNonNull;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Ticker;
import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.KmipException.Attempt;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.message.operation.DiscoverVersions;
import io.tidemark.kmip.tls.KmipTls;
import io.tidemark.kmip.tls.TlsSource;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Asks a key service, which may be several hosts. Usable from any thread; many of them share event loops and scheduler, and start no
 * thread of their own.
 *
 * <p>What every {@code Mono} here does: it is cold, each subscription is a new exchange; it has one value, said on an event loop, which is
 * not to be blocked; it fails with a {@link KmipException} and nothing else. An answer that holds a key is closed by who gets it; one that
 * comes after a cancel is wiped here, and the connection goes on.
 */
public final class KmipClient implements AutoCloseable {
    private static final DiscoverVersions ALL_VERSIONS = new DiscoverVersions(List.of());

    private final KmipSettings settings;
    private final TlsSource tls;
    private final Dialer dialer;
    private final Ticker ticker;

    /**
     * @param loops lent: where connections live
     * @param tasks lent: where names are looked up, files read and certificates checked, all of which blocks for a moment
     * @param jitter spreads the attempts of many clients
     */
    public KmipClient(
            KmipSettings settings, TlsSource tls, EventLoopGroup loops, Scheduler tasks, RandomGenerator jitter) {
        this.settings = settings;
        this.tls = tls;
        this.dialer = new Dialer(settings, loops, tasks);
        this.ticker = loops.next().ticker();
        requireNonNull(jitter);
    }

    /** The answer, in the version agreed upon: 1.4 where the server has it, 2.x for what needs it. */
    public <A> Mono<A> ask(RequestPayload<A> payload) {
        return version().flatMap(agreed -> ask(payload, agreed));
    }

    /** The answer, in exactly this version. */
    public <A> Mono<A> ask(RequestPayload<A> payload, ProtocolVersion version) {
        KmipHost host = settings.hosts().get(0);
        return tls.current()
                .flatMap(now -> Mono.usingWhen(
                        dialer.dial(host, now, NOBODY),
                        dialed -> exchange(dialed.connection(), host, payload, version),
                        dialed -> Mono.fromRunnable(() -> dialed.connection().close("the exchange is over"))))
                .onErrorMap(Lost.class, Lost::failure);
    }

    private <A> Mono<A> exchange(
            Connection connection, KmipHost host, RequestPayload<A> payload, ProtocolVersion version) {
        Attempt attempt = new Attempt(payload.operation().toString(), host.toString());
        return Mono.defer(() -> Exchange.of(
                new Exchange.Question<>(payload, version, attempt, Deadline.in(settings.deadline(), ticker)),
                new Exchange.Way() {
                    @Override
                    public void take(Exchange<?> exchange) {
                        connection.send(exchange);
                    }

                    @Override
                    public void cancelled(Exchange<?> exchange) {}
                }));
    }

    /** The version that requests go out in; asked once of each server, and remembered. */
    public Mono<ProtocolVersion> version() {
        return ask(new DiscoverVersions(ProtocolVersion.SUPPORTED), ProtocolVersion.V1_4)
                .map(versions -> versions.contains(ProtocolVersion.V1_4) ? ProtocolVersion.V1_4 : versions.get(0));
    }

    /** What one new connection to a host shows, one of the settings' or any other: for diagnosis. Nothing is tried again. */
    public Mono<HostReport> examine(KmipHost host) {
        return tls.current()
                .flatMap(now -> Mono.usingWhen(
                        dialer.dial(host, now, NOBODY),
                        dialed -> {
                            long begun = ticker.nanoTime();
                            return exchange(dialed.connection(), host, ALL_VERSIONS, ProtocolVersion.V1_4)
                                    .map(versions -> report(host, now, dialed, begun, versions));
                        },
                        dialed -> Mono.fromRunnable(() -> dialed.connection().close("the examination is over"))))
                .onErrorMap(Lost.class, Lost::failure);
    }

    private HostReport report(
            KmipHost host, KmipTls now, Dialer.Dialed dialed, long begun, List<ProtocolVersion> versions) {
        return new HostReport(
                host,
                dialed.address().getHostAddress(),
                dialed.steps().resolve(),
                dialed.steps().connect(),
                dialed.steps().handshake(),
                Duration.ofNanos(ticker.nanoTime() - begun),
                dialed.handler().engine().getSession().getProtocol(),
                dialed.handler().engine().getSession().getCipherSuite(),
                KmipTls.serverCertificates(dialed.handler()),
                now.clientCertificate().orElse(null),
                versions);
    }

    /** Ends all connections; what is under way fails as unreachable. */
    @Override
    public void close() {}

    private static final Connection.Owner NOBODY = new Connection.Owner() {
        @Override
        public void freed(Connection connection) {}

        @Override
        public void ended(Connection connection) {}
    };
}
