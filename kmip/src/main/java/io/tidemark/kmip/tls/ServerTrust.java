package io.tidemark.kmip.tls;

import io.netty.util.NetUtil;
import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.KmipException.TlsRefused.Check;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Checks a server's certificate by the JDK's rules for HTTPS, and one more: the name must be among the subject alternative names. The
 * JDK falls back to the common name where there are none, or none of the kind asked for.
 *
 * <p>It says what is wrong in words, for JSSE says the same of a foreign authority, a certificate signed by itself and a missing intermediate.
 * Source: RFC 9525 section 6; JDK 17, Java Secure Socket Extension Reference Guide.
 */
final class ServerTrust extends X509ExtendedTrustManager {
    private static final String AGAIN = "let the authority issue the server's certificate again";

    private final X509ExtendedTrustManager rules;
    private final TrustAnchors anchors;

    private ServerTrust(X509ExtendedTrustManager rules, TrustAnchors anchors) {
        this.rules = rules;
        this.anchors = anchors;
    }

    static ServerTrust in(TrustAnchors anchors) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (X509Certificate anchor : anchors.certificates()) {
                store.setCertificateEntry("anchor " + number++, anchor);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            for (TrustManager rules : factory.getTrustManagers()) {
                if (rules instanceof X509ExtendedTrustManager extended) {
                    return new ServerTrust(extended, anchors);
                }
            }
            throw new IllegalStateException("the JDK has no trust manager for engines");
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a key store in memory failed", e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        String host = engine.getPeerHost();
        if (host == null || !"HTTPS".equals(engine.getSSLParameters().getEndpointIdentificationAlgorithm())) {
            throw new IllegalStateException("a handshake without a name to check");
        }
        CertificateFacts server = facts(chain);
        try {
            rules.checkServerTrusted(chain, authType, engine);
        } catch (CertificateException e) {
            throw refusal(e, chain, server, host);
        }
        if (!server.hasName(kindOf(host))) {
            throw otherName(server, host, null);
        }
    }

    private static CertificateFacts facts(X509Certificate[] chain) throws RefusedServer {
        try {
            return CertificateFacts.of(chain[0]);
        } catch (IllegalArgumentException e) {
            throw new RefusedServer(
                    Check.SERVER_CERTIFICATE, "the extensions of the server's certificate cannot be read", AGAIN, e);
        }
    }

    private static String kindOf(String host) {
        return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)
                ? CertificateFacts.ADDRESS
                : CertificateFacts.DNS;
    }

    private RefusedServer refusal(
            CertificateException said, X509Certificate[] chain, CertificateFacts server, String host) {
        @Nullable CertPathValidatorException path = cause(said, CertPathValidatorException.class);
        X509Certificate meant = path != null && path.getIndex() > 0 && path.getIndex() < chain.length
                ? chain[path.getIndex()]
                : chain[0];
        String whose =
                meant.equals(chain[0]) ? "the server's certificate" : "an authority's certificate that the server sent";
        if (cause(said, CertificateExpiredException.class) != null) {
            return new RefusedServer(
                    Check.SERVER_EXPIRED,
                    whose + " expired at " + CertificateFacts.of(meant).notAfter() + ": "
                            + CertificateFacts.of(meant).shown(),
                    "renew it; should it be good, compare this machine's clock",
                    said);
        }
        if (cause(said, CertificateNotYetValidException.class) != null) {
            return new RefusedServer(
                    Check.SERVER_NOT_YET_VALID,
                    whose + " is not valid before " + CertificateFacts.of(meant).notBefore() + ": "
                            + CertificateFacts.of(meant).shown(),
                    "compare this machine's clock with the server's",
                    said);
        }
        if (!server.allows(CertificateFacts.SERVER_USAGE)) {
            return new RefusedServer(
                    Check.SERVER_USAGE,
                    "the server's certificate is not for servers: its extended key usage is "
                            + String.join(", ", server.usages()),
                    AGAIN + ", with extended key usage serverAuth",
                    said);
        }
        // what the JDK says of names comes without a cause, what it says of paths has one
        return said.getCause() == null ? otherName(server, host, said) : otherIssuer(said, path, chain, server);
    }

    private static RefusedServer otherName(CertificateFacts server, String host, @Nullable Throwable said) {
        String asked = kindOf(host) + host;
        if (server.names().isEmpty()) {
            return new RefusedServer(
                    Check.SERVER_WITHOUT_NAMES,
                    "the server's certificate has no subject alternative name; its subject is "
                            + KmipException.quoted(server.subject()) + ", and a common name is not a host name",
                    AGAIN + ", with the subject alternative name " + asked,
                    said);
        }
        return new RefusedServer(
                Check.SERVER_NAME,
                "the server's certificate is for " + server.shownNames() + ", not for " + asked,
                "connect by a name that the certificate has, or say by server-name which one it has",
                said);
    }

    private RefusedServer otherIssuer(
            CertificateException said,
            @Nullable CertPathValidatorException path,
            X509Certificate[] chain,
            CertificateFacts server) {
        if (path != null) {
            return new RefusedServer(
                    Check.SERVER_CERTIFICATE,
                    "the server's certificate is not accepted: " + path.getMessage() + ": " + server.shown(),
                    AGAIN,
                    said);
        }
        X509Certificate last = chain[chain.length - 1];
        String issuer = KmipException.quoted(CertificateFacts.of(last).issuer());
        return new RefusedServer(Check.SERVER_ISSUER, issuerWords(last, issuer, chain.length), issuerHint(last), said);
    }

    private String issuerWords(X509Certificate last, String issuer, int sent) {
        if (isOfItself(last) && sent == 1) {
            return "the server's certificate is signed by itself, and is none of our trust anchors: " + issuer;
        }
        if (anchors.certificates().stream()
                .anyMatch(anchor -> anchor.getSubjectX500Principal().equals(last.getIssuerX500Principal()))) {
            return "the server's certificate was issued by an authority of the name " + issuer
                    + ", which has another key than our trust anchor of that name";
        }
        List<String> known = anchors.facts().stream()
                .limit(3)
                .map(anchor -> KmipException.quoted(anchor.subject()))
                .toList();
        int more = anchors.certificates().size() - known.size();
        return "the server's certificate leads to the authority " + issuer + ", which is none of our trust anchors ("
                + String.join(", ", known) + (more > 0 ? " and " + more + " more" : "") + ")";
    }

    private static String issuerHint(X509Certificate last) {
        return isOfItself(last)
                ? "name the file of the authority that issued the server's certificate, if that is to be trusted"
                : "if it is an intermediate of an authority that is trusted, let the server send it along; otherwise name the"
                        + " authority's file";
    }

    private static boolean isOfItself(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    static <T extends Throwable> @Nullable T cause(Throwable of, Class<T> type) {
        int depth = 0;
        for (Throwable next = of; next != null && depth < 32; next = next.getCause()) {
            if (type.isInstance(next)) {
                return type.cast(next);
            }
            depth++;
        }
        return null;
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return rules.getAcceptedIssuers();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw nameless();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw nameless();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw nameless();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw nameless();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw nameless();
    }

    private static CertificateException nameless() {
        return new CertificateException("this client checks servers only, and always with their name");
    }
}
