package io.tidemark.pipeline.care.kmip;

import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.client.HostReport;
import io.tidemark.kmip.client.KmipClient;
import io.tidemark.kmip.client.KmipHost;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.tls.CertificateFacts;
import io.tidemark.kmip.tls.KmipTls;
import io.tidemark.kmip.tls.TlsSource;
import io.tidemark.pipeline.config.KeyProviderSettings;
import io.tidemark.pipeline.keys.kmip.KmipServers;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * One key service, as a provider of the configuration names it: its hosts together, and each of them alone. Failures are
 * {@code KeysFailed}, except those of one host that is looked at, which are told as they are.
 */
public final class KmipService {
    private final KeyProviderSettings.InKmip settings;
    private final KmipServers servers;
    private final TlsSource tls;
    private final Mono<KmipClient> all;

    /**
     * @param servers makes clients and ends them
     * @param files where the modes of secret files are looked at
     */
    public KmipService(KeyProviderSettings.InKmip settings, KmipServers servers, Scheduler files) {
        this.settings = settings;
        this.servers = servers;
        this.tls = servers.tls(settings);
        this.all = Mono.fromCallable(() -> {
                    servers.requirePrivate(settings);
                    return servers.client(settings, tls);
                })
                .subscribeOn(files)
                .cache();
    }

    public String provider() {
        return settings.name();
    }

    public List<KmipHost> hosts() {
        return settings.hosts();
    }

    /** In the version agreed upon. */
    <A> Mono<A> ask(RequestPayload<A> payload) {
        return all.flatMap(client -> client.ask(payload)).onErrorMap(KmipException.class, Failures::of);
    }

    <A> Mono<A> ask(RequestPayload<A> payload, ProtocolVersion version) {
        return all.flatMap(client -> client.ask(payload, version)).onErrorMap(KmipException.class, Failures::of);
    }

    /** What one host shows, and what it answers in the version that is agreed upon with it. */
    <A> Mono<Seen<A>> look(KmipHost host, RequestPayload<A> payload) {
        return Mono.using(
                () -> servers.client(settings.withHosts(List.of(host)), tls),
                one -> one.examine(host)
                        .flatMap(report -> one.version()
                                .flatMap(version ->
                                        one.ask(payload, version).map(answer -> new Seen<>(report, version, answer)))),
                KmipClient::close);
    }

    /** @param version the one that requests go out in */
    record Seen<A>(HostReport report, ProtocolVersion version, A answer) {}

    /** What a new connection to one host shows. */
    public Mono<HostReport> examine(KmipHost host) {
        return all.flatMap(client -> client.examine(host)).onErrorMap(KmipException.class, Failures::of);
    }

    /** Our own certificate; empty where we show none. Fails where its files cannot be used. */
    public Mono<CertificateFacts> ours() {
        return files().map(KmipTls::clientCertificate).flatMap(Mono::justOrEmpty);
    }

    /** The certificates of the authorities that servers' certificates lead to. Fails where their file cannot be used. */
    public Flux<CertificateFacts> trusted() {
        return files().flatMapIterable(KmipTls::trustAnchors);
    }

    private Mono<KmipTls> files() {
        return all.then(Mono.defer(tls::current)).onErrorMap(KmipException.class, Failures::of);
    }

    /** As whom the server knows us, for messages. */
    Mono<String> ourName() {
        return ours().map(CertificateFacts::commonName)
                .filter(name -> !name.isEmpty())
                .map(KmipException::quoted)
                .map(name -> "the owner " + name + ", which is our certificate's common name")
                .defaultIfEmpty("this client, whose certificate has no common name");
    }
}
