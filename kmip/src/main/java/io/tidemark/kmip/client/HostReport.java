package io.tidemark.kmip.client;

import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.tls.CertificateFacts;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one new connection showed, step by step.
 *
 * @param address the one of the host's addresses that was connected to
 * @param resolve the time that the host's name took
 * @param connect the time that the TCP connection took
 * @param handshake the time that TLS took
 * @param firstAnswer the time from the first request, Discover Versions, to its answer
 * @param tlsVersion as {@code TLSv1.3}
 * @param serverCertificates what the server showed, its own first
 * @param clientCertificate what we have to show; null for none. Whether the server asked for it, TLS does not say
 * @param versions of KMIP that the server lists, in its order
 */
public record HostReport(
        KmipHost host,
        String address,
        Duration resolve,
        Duration connect,
        Duration handshake,
        Duration firstAnswer,
        String tlsVersion,
        String cipherSuite,
        List<CertificateFacts> serverCertificates,
        @Nullable CertificateFacts clientCertificate,
        List<ProtocolVersion> versions) {
    public HostReport {
        serverCertificates = List.copyOf(serverCertificates);
        versions = List.copyOf(versions);
    }
}
