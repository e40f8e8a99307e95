package io.tidemark.pipeline.keys.kmip;

import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.client.KmipClient;
import io.tidemark.kmip.client.KmipHost;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.tls.CertificateFacts;
import io.tidemark.kmip.tls.TlsSource;
import io.tidemark.pipeline.config.KeyProviderSettings;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** One server, which is one or several hosts: what it is called, who we are to it, and the way to ask it. */
final class KmipServer {
    private final KeyProviderSettings.InKmip settings;
    private final ClientFiles files;
    private final TlsSource tls;
    private final Supplier<KmipClient> client;
    private final Scheduler reading;

    /** @param client made when it is first asked for */
    KmipServer(
            KeyProviderSettings.InKmip settings,
            ClientFiles files,
            TlsSource tls,
            Supplier<KmipClient> client,
            Scheduler reading) {
        this.settings = settings;
        this.files = files;
        this.tls = tls;
        this.client = client;
        this.reading = reading;
    }

    KeyProviderSettings.InKmip settings() {
        return settings;
    }

    /** Fails as {@link ClientFiles#requirePrivate} does; to be done before each conversation. */
    Mono<Void> ready() {
        return Mono.<Void>fromRunnable(files::requirePrivate).subscribeOn(reading);
    }

    /** Fails with {@link KmipException}. */
    <A> Mono<A> ask(RequestPayload<A> payload) {
        return Mono.defer(() -> client.get().ask(payload));
    }

    <A> Mono<A> ask(RequestPayload<A> payload, ProtocolVersion version) {
        return Mono.defer(() -> client.get().ask(payload, version));
    }

    /** Who we are to the server, to which most keys belong to a common name; for messages. */
    Mono<String> whoAsks() {
        return tls.current()
                .map(now -> now.clientCertificate()
                        .map(CertificateFacts::commonName)
                        .map(KmipException::quoted)
                        .orElse("nobody"))
                .onErrorReturn(KmipException.class, "nobody");
    }

    /** For messages: {@code kms1.example.com:5696, kms2.example.com}. */
    String hosts() {
        return settings.hosts().stream().map(KmipHost::toString).collect(Collectors.joining(", "));
    }
}
