package io.tidemark.kmip.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.NetUtil;
import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.KmipException.Attempt;
import io.tidemark.kmip.KmipException.FilesUnusable;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Our side of TLS by the JDK's implementation, as the files were when they were read. Chain and name of the server are checked on every
 * full handshake. Usable from any thread.
 */
public final class KmipTls {
    /** A resumed session is not checked anew: after so long an expired or replaced certificate is looked at again. */
    private static final long SESSION_SECONDS = TimeUnit.HOURS.toSeconds(1);

    private final SslContext context;
    private final TrustAnchors anchors;
    private final @Nullable ClientIdentity identity;
    private final TlsOptions options;

    private KmipTls(SslContext context, TrustAnchors anchors, @Nullable ClientIdentity identity, TlsOptions options) {
        this.context = context;
        this.anchors = anchors;
        this.identity = identity;
        this.options = options;
    }

    /**
     * Reads the files: blocks.
     *
     * @throws FilesUnusable where one of them cannot be used
     * @throws IllegalArgumentException where the JDK does not know a cipher suite of the options
     */
    public static KmipTls read(TlsFiles files, TlsOptions options) {
        TrustAnchors anchors = TrustAnchors.read(files.trust(), files.password());
        ClientIdentity identity = files.certificate() == null
                ? null
                : ClientIdentity.read(files.certificate(), files.key(), files.password());
        return of(anchors, identity, options);
    }

    /**
     * @param identity null to show no certificate, which few servers accept
     * @throws IllegalArgumentException where the JDK does not know a cipher suite of the options
     */
    public static KmipTls of(TrustAnchors anchors, @Nullable ClientIdentity identity, TlsOptions options) {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .protocols(options.protocols().toArray(String[]::new))
                .ciphers(options.ciphers().isEmpty() ? null : options.ciphers())
                .endpointIdentificationAlgorithm("HTTPS")
                .sessionTimeout(SESSION_SECONDS)
                .trustManager(ServerTrust.in(anchors));
        if (identity != null) {
            builder.keyManager(new FixedIdentity(identity));
        }
        try {
            return new KmipTls(builder.build(), anchors, identity, options);
        } catch (SSLException e) {
            throw new IllegalStateException("the JDK's TLS cannot be set up", e);
        }
    }

    /**
     * For one connection, to stand first in its pipeline.
     *
     * @param host a name or an address, without brackets
     * @param tasks where certificates are checked and keys agreed upon; these block for a moment
     */
    public SslHandler newHandler(ByteBufAllocator allocator, String host, int port, Executor tasks) {
        String name = Optional.ofNullable(options.serverName()).orElse(host);
        // JSSE checks the peer's host, and besides that the name of SNI: so both are the one that the certificate must
        // have
        SslHandler handler = context.newHandler(allocator, name, port, tasks);
        SSLParameters parameters = handler.engine().getSSLParameters();
        parameters.setServerNames(serverName(name).map(List::of).orElse(List.of()));
        handler.engine().setSSLParameters(parameters);
        handler.setHandshakeTimeout(options.handshakeTimeout().toNanos(), TimeUnit.NANOSECONDS);
        return handler;
    }

    /** Addresses are no names: RFC 6066 forbids to send them. */
    private static Optional<javax.net.ssl.SNIServerName> serverName(String host) {
        if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SNIHostName(host));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a name that cannot be sent is still checked
        }
    }

    /** Why a handshake failed. */
    public KmipException handshakeFailed(Attempt attempt, Throwable cause) {
        return new Refusals(attempt, identity, options).ofHandshake(cause);
    }

    /**
     * Why a connection ended after its handshake and before its first answer. In TLS 1.3 a server that refuses our certificate can say so
     * only then, and some never say it.
     *
     * @param cause null where the server just closed
     */
    public KmipException firstAnswerFailed(Attempt attempt, @Nullable Throwable cause) {
        return new Refusals(attempt, identity, options).ofFirstAnswer(cause);
    }

    /** The server's answer was KMIP's Authentication Not Successful: PyKMIP says so of a certificate without extended key usage. */
    public KmipException notAuthenticated(Attempt attempt, String serverWords) {
        return new Refusals(attempt, identity, options).notAuthenticated(serverWords);
    }

    /** Our own certificate; empty where we show none. */
    public Optional<CertificateFacts> clientCertificate() {
        return Optional.ofNullable(identity).map(ClientIdentity::facts);
    }

    public List<CertificateFacts> trustAnchors() {
        return anchors.facts();
    }

    /** What the server showed in a handshake that has succeeded, its own certificate first. */
    public static List<CertificateFacts> serverCertificates(SslHandler handler) {
        try {
            List<CertificateFacts> facts = new ArrayList<>();
            for (Certificate certificate : handler.engine().getSession().getPeerCertificates()) {
                facts.add(CertificateFacts.of((X509Certificate) certificate));
            }
            return facts;
        } catch (SSLPeerUnverifiedException e) {
            throw new IllegalStateException("no handshake has succeeded yet", e);
        }
    }
}
