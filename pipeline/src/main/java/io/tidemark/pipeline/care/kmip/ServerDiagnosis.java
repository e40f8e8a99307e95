package io.tidemark.pipeline.care.kmip;

import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.client.HostReport;
import io.tidemark.kmip.client.KmipHost;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.operation.Query;
import io.tidemark.kmip.tls.CertificateFacts;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What each host of a key service is, how it is reached, and as whom; or what keeps it from being reached. */
public final class ServerDiagnosis {
    private static final Query QUESTION =
            new Query(List.of(Query.Function.OPERATIONS, Query.Function.OBJECTS, Query.Function.SERVER_INFORMATION));

    private final KmipService service;

    public ServerDiagnosis(KmipService service) {
        this.service = service;
    }

    /**
     * One host.
     *
     * @param ours the certificate that we show; null where we have none
     * @param found null where it failed
     * @param failure null where it did not
     */
    public record Host(
            KmipHost host,
            @Nullable CertificateFacts ours,
            @Nullable Found found,
            @Nullable KmipException failure) {}

    /** @param version the one that requests go out in */
    public record Found(HostReport report, ProtocolVersion version, Query.Answer answer) {}

    /**
     * The hosts in the order of the configuration, one after the other, so that none takes time from another. Fails only where our own
     * files cannot be used.
     */
    public Flux<Host> hosts() {
        return service.ours()
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .flatMapMany(ours ->
                        Flux.fromIterable(service.hosts()).concatMap(host -> host(host, ours.orElse(null)), 1));
    }

    private Mono<Host> host(KmipHost host, @Nullable CertificateFacts ours) {
        return service.look(host, QUESTION)
                .map(seen -> new Host(host, ours, new Found(seen.report(), seen.version(), seen.answer()), null))
                .onErrorResume(KmipException.class, failure -> Mono.just(new Host(host, ours, null, failure)));
    }
}
