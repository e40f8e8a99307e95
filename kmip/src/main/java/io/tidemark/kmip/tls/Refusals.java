package io.tidemark.kmip.tls;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.KmipException.Attempt;
import io.tidemark.kmip.KmipException.NotPermitted;
import io.tidemark.kmip.KmipException.TimedOut;
import io.tidemark.kmip.KmipException.TlsRefused;
import io.tidemark.kmip.KmipException.TlsRefused.Check;
import io.tidemark.kmip.KmipException.Unreachable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Failures of TLS in words. JSSE tells an alert of the server in the text of its exception only.
 *
 * <p>Source: KMIP.md section 11, measured 2026-11-22 with Cosmian KMS 5.26.0, PyKMIP 0.11.0 and Go's TLS; RFC 8446 section 6.
 */
final class Refusals {
    private static final Pattern ALERT = Pattern.compile("Received fatal alert: (\\w+)");
    private static final int AUTHENTICATION_NOT_SUCCESSFUL = 3;
    private static final String SHOW_ONE = "name the client's certificate and key";

    private final Attempt attempt;
    private final @Nullable ClientIdentity identity;
    private final TlsOptions options;

    Refusals(Attempt attempt, @Nullable ClientIdentity identity, TlsOptions options) {
        this.attempt = attempt;
        this.identity = identity;
        this.options = options;
    }

    KmipException ofHandshake(Throwable cause) {
        if (cause instanceof SslHandshakeTimeoutException) {
            return new TimedOut(
                    attempt,
                    "no TLS handshake within " + options.handshakeTimeout().toMillis() + " ms",
                    "see whether the server is overloaded, and whether it speaks TLS on this port");
        }
        KmipException told = told(cause);
        if (told != null) {
            return told;
        }
        if (cause instanceof SSLException
                && ServerTrust.cause(cause, java.io.EOFException.class) == null
                && !isClosed(cause)) {
            return refused(
                    Check.HANDSHAKE,
                    "the TLS handshake failed: " + KmipException.quoted(String.valueOf(cause.getMessage())),
                    "see whether this is the port of KMIP over TLS",
                    cause);
        }
        return new Unreachable(
                attempt,
                "the connection ended during the TLS handshake",
                "see whether the server is well and its log says why; a server that does not speak TLS on this port may do this too",
                cause);
    }

    KmipException ofFirstAnswer(@Nullable Throwable cause) {
        KmipException told = cause == null ? null : told(cause);
        if (told != null) {
            return told;
        }
        return refused(
                Check.CLIENT_SUSPECTED,
                "the server ended the connection before its first answer, as servers do that refuse a client's certificate; "
                        + ours(),
                identity == null
                        ? SHOW_ONE
                        : "see whether the server is well; if it is, let its operator say why it refuses this certificate",
                cause);
    }

    KmipException notAuthenticated(String serverWords) {
        boolean unused = identity != null && identity.facts().usages().isEmpty();
        return new NotPermitted(
                attempt,
                "the server does not take our certificate for an identity: " + KmipException.quoted(serverWords) + "; "
                        + ours() + (unused ? " and has no extended key usage" : ""),
                unused
                        ? "issue the client's certificate again, with extended key usage clientAuth"
                        : "show a certificate that the server knows as a user's",
                AUTHENTICATION_NOT_SUCCESSFUL);
    }

    /** What somebody said, the server by an alert or our own checks; null where nobody said anything. */
    private @Nullable KmipException told(Throwable cause) {
        RefusedServer ours = ServerTrust.cause(cause, RefusedServer.class);
        if (ours != null) {
            return refused(ours.check(), String.valueOf(ours.getMessage()), ours.hint(), cause);
        }
        String alert = alert(cause);
        if (alert != null) {
            return ofAlert(alert, cause);
        }
        if (ServerTrust.cause(cause, NotSslRecordException.class) != null) {
            return refused(
                    Check.HANDSHAKE,
                    "what came back is not TLS",
                    "name the port on which the server speaks KMIP over TLS (5696 unless it was changed)",
                    cause);
        }
        SSLException said = ServerTrust.cause(cause, SSLException.class);
        String words = said == null ? "" : String.valueOf(said.getMessage());
        if (words.contains("No appropriate protocol")) {
            return refused(
                    Check.NOTHING_IN_COMMON,
                    "this Java has switched off all protocol versions and cipher suites that were asked for: "
                            + offered(),
                    "ask for others; what is off stands in jdk.tls.disabledAlgorithms of the file java.security (Java 25 has"
                            + " TLS_RSA_* there)",
                    cause);
        }
        return words.contains("is not accepted by client preferences")
                ? nothingInCommon(KmipException.quoted(words), cause)
                : null;
    }

    private static @Nullable String alert(Throwable cause) {
        int depth = 0;
        for (Throwable next = cause; next != null && depth < 32; next = next.getCause()) {
            Matcher found = ALERT.matcher(String.valueOf(next.getMessage()));
            if (next instanceof SSLException && found.find()) {
                return found.group(1);
            }
            depth++;
        }
        return null;
    }

    private KmipException ofAlert(String alert, Throwable cause) {
        String refusal = "the server refused our certificate (" + alert + ")";
        return switch (alert) {
            case "certificate_expired" ->
                refused(
                        Check.CLIENT_EXPIRED,
                        refusal + "; " + ours() + term(),
                        "renew the client's certificate",
                        cause);
            case "unknown_ca" ->
                refused(
                        Check.CLIENT_ISSUER,
                        refusal + ": it does not know who issued it; " + ours() + issuer(),
                        "show a certificate of the server's own authority, or let the server trust this one's",
                        cause);
            case "unsupported_certificate" -> unfit(refusal, cause);
            case "bad_certificate", "certificate_unknown", "certificate_revoked", "access_denied" ->
                identity == null ? missing(alert, cause) : other(refusal, cause);
            case "certificate_required" -> missing(alert, cause);
            case "handshake_failure" ->
                identity == null
                        ? refused(
                                Check.CLIENT_MISSING,
                                "the server ended the handshake (handshake_failure), as servers do that want a client"
                                        + " certificate; " + ours(),
                                SHOW_ONE + "; if the server wants none, " + wider(),
                                cause)
                        : nothingInCommon(alert, cause);
            case "protocol_version", "insufficient_security" -> nothingInCommon(alert, cause);
            case "unrecognized_name" ->
                refused(
                        Check.SERVER_NAME,
                        "the server has no certificate for the name that it was asked for (unrecognized_name)",
                        "connect by a name that the server has, or say by server-name which one it has",
                        cause);
            default ->
                refused(
                        Check.HANDSHAKE,
                        "the server ended TLS with the alert " + alert,
                        "let the server's log say why",
                        cause);
        };
    }

    private KmipException missing(String alert, Throwable cause) {
        return refused(
                Check.CLIENT_MISSING,
                "the server wants a client certificate (" + alert + "); "
                        + (identity == null ? ours() : "it took none from us, " + ours() + issuer()),
                identity == null ? SHOW_ONE : "show a certificate of the server's own authority",
                cause);
    }

    private KmipException other(String refusal, Throwable cause) {
        if (identity != null && !identity.facts().allows(CertificateFacts.CLIENT_USAGE)) {
            return unfit(refusal, cause);
        }
        return refused(
                Check.CLIENT_CERTIFICATE,
                refusal + "; " + ours() + issuer() + term(),
                "see its dates and its issuer; if they are good, let the server's operator say why",
                cause);
    }

    private KmipException unfit(String refusal, Throwable cause) {
        return refused(
                Check.CLIENT_USAGE,
                refusal + "; " + ours() + usages(),
                "issue the client's certificate again, with extended key usage clientAuth",
                cause);
    }

    private KmipException nothingInCommon(String said, Throwable cause) {
        return refused(
                Check.NOTHING_IN_COMMON,
                "no protocol version or cipher suite in common (" + said + "), or " + ours() + issuer()
                        + ", which the server does not take; offered were " + offered(),
                wider(),
                cause);
    }

    private String offered() {
        return String.join(", ", options.protocols())
                + (options.ciphers().isEmpty() ? " with the usual ciphers" : " with " + options.ciphers());
    }

    private String wider() {
        return "offer TLSv1.2 too, and name cipher suites that the server has (PyKMIP with an RSA certificate:"
                + " TLS_RSA_WITH_AES_128_CBC_SHA256)";
    }

    private String ours() {
        return identity == null
                ? "we have none to show"
                : "ours is " + identity.facts().shown();
    }

    private String issuer() {
        return identity == null
                ? ""
                : ", issued by " + KmipException.quoted(identity.facts().issuer());
    }

    private String term() {
        return identity == null
                ? ""
                : ", valid from " + identity.facts().notBefore() + " to "
                        + identity.facts().notAfter();
    }

    private String usages() {
        if (identity == null || identity.facts().usages().isEmpty()) {
            return "";
        }
        return ", for " + String.join(", ", identity.facts().usages());
    }

    private static boolean isClosed(Throwable cause) {
        return cause instanceof javax.net.ssl.SSLException
                && (ServerTrust.cause(cause, java.nio.channels.ClosedChannelException.class) != null
                        // Netty's words for a connection that was reset while a handshake's task ran
                        || String.valueOf(cause.getMessage()).contains("removed before handshake completed"));
    }

    private KmipException refused(Check check, String found, String hint, @Nullable Throwable cause) {
        return new TlsRefused(attempt, check, found, hint, cause);
    }
}
