package io.tidemark.kmip.client;

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
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;

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
    private final CurrentTls tls;
    private final Dialer dialer;
    private final List<Host> hosts;
    private final Failover failover;
    private final Ticker ticker;

    /**
     * @param loops lent: where connections live, by NIO or epoll
     * @param tasks lent: where names are looked up, files read and certificates checked, all of which blocks for a moment
     * @param jitter spreads the attempts of many clients
     */
    public KmipClient(
            KmipSettings settings, TlsSource tls, EventLoopGroup loops, Scheduler tasks, RandomGenerator jitter) {
        this.settings = settings;
        this.ticker = loops.next().ticker();
        this.tls = new CurrentTls(tls, ticker);
        this.dialer = new Dialer(settings, loops, tasks);
        this.hosts = settings.hosts().stream()
                .map(address -> new Host(
                        address,
                        new Pool(address, settings.pool(), dialer, this.tls, loops),
                        new Breaker(ticker, jitter),
                        tasks,
                        () -> Deadline.in(settings.requestTimeout(), ticker)))
                .toList();
        this.failover = new Failover(hosts, tasks);
    }

    /** Gives an operation a deadline of its own, where it is earlier than that of the settings: {@code ask(…).contextWrite(within(…))}. */
    public static Function<Context, Context> within(Duration deadline) {
        KmipSettings.requirePositive("deadline", deadline);
        return context -> context.put(Deadline.class, deadline);
    }

    /** The answer, in the version agreed upon: 1.4 where the server has it, a newer one for what needs it. */
    public <A> Mono<A> ask(RequestPayload<A> payload) {
        return anywhere(
                payload.operation().toString(),
                Repeating.of(payload.operation()),
                (host, deadline) -> host.ask(payload, deadline));
    }

    /** The answer, in exactly this version. */
    public <A> Mono<A> ask(RequestPayload<A> payload, ProtocolVersion version) {
        return anywhere(
                payload.operation().toString(),
                Repeating.of(payload.operation()),
                (host, deadline) -> host.ask(payload, version, deadline));
    }

    /** The version that requests go out in where nothing else is needed; asked once of each server, and remembered. */
    public Mono<ProtocolVersion> version() {
        return anywhere(
                ALL_VERSIONS.operation().toString(),
                Repeating.HARMLESS,
                (host, deadline) -> host.versions(deadline).map(Versions::usual));
    }

    private <A> Mono<A> anywhere(String operation, Repeating repeating, BiFunction<Host, Deadline, Mono<A>> asking) {
        return Mono.deferContextual(context -> {
            Duration own = context.<Duration>getOrEmpty(Deadline.class).orElse(settings.deadline());
            Deadline deadline = Deadline.in(settings.deadline(), ticker).orIn(own);
            return tls.get()
                    .flatMap(now -> failover.ask(operation, repeating, deadline, host -> asking.apply(host, deadline)));
        });
    }

    /** What one new connection to a host shows, one of the settings' or any other: for diagnosis. Nothing is tried again. */
    public Mono<HostReport> examine(KmipHost host) {
        return tls.get()
                .flatMap(now -> Mono.usingWhen(
                        dialer.dial(host, now, Connection.Owner.NOBODY),
                        dialed -> examined(host, now, dialed),
                        dialed -> Mono.fromRunnable(() -> dialed.connection().close("the examination is over"))))
                .onErrorMap(Lost.class, Lost::failure);
    }

    private Mono<HostReport> examined(KmipHost host, KmipTls now, Dialer.Dialed dialed) {
        return Mono.defer(() -> {
            long begun = ticker.nanoTime();
            Attempt attempt = new Attempt(ALL_VERSIONS.operation().toString(), host.toString());
            Deadline deadline = Deadline.in(settings.requestTimeout(), ticker);
            return Exchange.of(
                            new Exchange.Question<>(ALL_VERSIONS, Versions.PREFERRED, attempt, deadline),
                            dialed.connection())
                    .map(versions -> report(host, now, dialed, begun, versions));
        });
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
    public void close() {
        hosts.forEach(Host::close);
    }
}
