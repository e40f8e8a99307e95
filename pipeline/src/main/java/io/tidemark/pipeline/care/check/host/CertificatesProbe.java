package io.tidemark.pipeline.care.check.host;

import io.tidemark.kmip.client.HostReport;
import io.tidemark.kmip.client.KmipHost;
import io.tidemark.kmip.tls.CertificateFacts;
import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Probe;
import io.tidemark.pipeline.care.kmip.KmipService;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Whether each host of a key service is there, and how long the certificates of both sides, and of the authorities that we trust,
 * are still good: one that expires at three in the morning stops archiving (trap T83).
 */
public final class CertificatesProbe implements Probe.Independent {
    private static final Duration SOON = Duration.ofDays(30);

    private final List<KmipService> services;
    private final Clock clock;

    public CertificatesProbe(List<KmipService> services, Clock clock) {
        this.services = List.copyOf(services);
        this.clock = clock;
    }

    @Override
    public String name() {
        return "certificates";
    }

    @Override
    public Flux<Finding> findings() {
        return Flux.fromIterable(services).concatMap(this::ofService, 1);
    }

    private Flux<Finding> ofService(KmipService service) {
        String provider = "provider \"" + service.provider() + "\"";
        Flux<Finding> ours = Flux.concat(
                        service.ours().map(facts -> expiring(provider + ": our certificate ", facts)),
                        service.trusted()
                                .map(facts -> expiring(provider + ": the certificate of the authority ", facts)))
                .concatMapIterable(found -> found, 1);
        Flux<Finding> theirs = Flux.fromIterable(service.hosts())
                .concatMap(host -> ofHost(provider + ", " + host + ": ", service, host), 1);
        return ours.concatWith(theirs).onErrorResume(failure -> Mono.just(Finding.failed(name(), failure)));
    }

    /** A host that is away is no failure where another one is there: that no key can be had is found by who asks for keys. */
    private Flux<Finding> ofHost(String where, KmipService service, KmipHost host) {
        return service.examine(host)
                .flatMapIterable(report -> ofReport(where, report))
                .onErrorResume(failure -> {
                    Finding failed = Finding.failed(name(), where, failure);
                    return Flux.just(service.hosts().size() > 1 ? failed.asWarning() : failed);
                });
    }

    private List<Finding> ofReport(String where, HostReport report) {
        List<Finding> found = new ArrayList<>();
        for (CertificateFacts facts : report.serverCertificates()) {
            found.addAll(expiring(where + "the server's certificate ", facts));
        }
        if (found.isEmpty()) {
            CertificateFacts ours = report.clientCertificate();
            found.add(Finding.ok(
                    name(),
                    where + "the server's certificate is good for "
                            + days(report.serverCertificates().get(0))
                            + (ours == null ? "; we show none" : ", ours for " + days(ours))));
        }
        return found;
    }

    private List<Finding> expiring(String whose, CertificateFacts facts) {
        Duration left = facts.left(now());
        if (left.compareTo(SOON) >= 0) {
            return List.of();
        }
        return List.of(Finding.warning(
                name(),
                whose + facts.shown() + " "
                        + (left.isNegative() ? "expired at " + facts.notAfter() : "expires in " + days(facts)),
                "renew it in time: files that change are read again, nothing has to be restarted"));
    }

    private String days(CertificateFacts facts) {
        long days = facts.left(now()).toDays();
        return days + (days == 1 ? " day" : " days");
    }

    private Instant now() {
        return clock.instant();
    }
}
