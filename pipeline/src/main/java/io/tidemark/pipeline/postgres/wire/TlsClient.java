package io.tidemark.pipeline.postgres.wire;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.postgres.conninfo.HostAddress;
import io.tidemark.pipeline.postgres.conninfo.SslMode;
import io.tidemark.pipeline.postgres.conninfo.TlsSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/** Our side of TLS with one host, by the JDK's implementation. */
public final class TlsClient {
    /** What PostgreSQL 17 wants to be offered where TLS begins at once. */
    private static final String APPLICATION_PROTOCOL = "postgresql";

    private static final int OPEN_TO_OTHERS = 0077;
    private static final int OPEN_BUT_READABLE_BY_GROUP = 0037;

    private final TlsSettings settings;
    private final SslContext context;
    private final HostAddress host;
    private final Duration timeout;
    private final Executor tasks;

    private TlsClient(TlsSettings settings, SslContext context, HostAddress host, Duration timeout, Executor tasks) {
        this.settings = settings;
        this.context = context;
        this.host = host;
        this.timeout = timeout;
        this.tasks = tasks;
    }

    /**
     * Reads the files that the settings name: blocks.
     *
     * @param tasks where certificates are checked and keys agreed upon
     * @throws UsageError where a file cannot be used
     */
    public static TlsClient of(TlsSettings settings, HostAddress host, Duration timeout, Scheduler tasks) {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .protocols(settings.protocols().toArray(String[]::new))
                // The name is checked by JSSE as for HTTPS; what is not to be checked is said here, once.
                .endpointIdentificationAlgorithm(settings.mode() == SslMode.VERIFY_FULL ? "HTTPS" : null);
        try {
            trust(builder, settings);
            identify(builder, settings);
            return new TlsClient(settings, builder.build(), host, timeout, task -> tasks.schedule(task));
        } catch (IOException | IllegalArgumentException e) {
            throw new UsageError("the certificates for TLS with " + host + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static void trust(SslContextBuilder builder, TlsSettings settings) throws IOException {
        if (settings.mode() == SslMode.REQUIRE) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
        } else if (settings.roots() != null) {
            try (InputStream roots = Files.newInputStream(settings.roots())) {
                builder.trustManager(roots);
            }
        }
    }

    private static void identify(SslContextBuilder builder, TlsSettings settings) throws IOException {
        Path certificate = settings.certificate();
        if (certificate == null) {
            return;
        }
        Path key = settings.key();
        if (key == null) {
            throw new IllegalArgumentException(
                    "there is a client certificate, " + certificate + ", but no key: sslkey=FILE");
        }
        if (Files.getAttribute(key, "unix:mode") instanceof Integer mode
                && (mode & (isRoots(key) ? OPEN_BUT_READABLE_BY_GROUP : OPEN_TO_OTHERS)) != 0) {
            throw new IllegalArgumentException("the private key " + key + " is open to others: chmod u=rw,go= " + key);
        }
        try (InputStream chain = Files.newInputStream(certificate);
                InputStream secret = Files.newInputStream(key)) {
            builder.keyManager(chain, secret);
        }
    }

    private static boolean isRoots(Path file) throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(file, "unix:uid"));
    }

    boolean beginsAtOnce() {
        return settings.negotiation() == TlsSettings.Negotiation.DIRECT;
    }

    SslHandler handler(ByteBufAllocator allocator) {
        SslHandler handler = context.newHandler(allocator, host.host(), host.port(), tasks);
        SSLParameters parameters = handler.engine().getSSLParameters();
        SNIHostName name = settings.serverName() == TlsSettings.ServerName.SENT ? serverName(host.host()) : null;
        parameters.setServerNames(name == null ? List.of() : List.of(name));
        if (beginsAtOnce()) {
            parameters.setApplicationProtocols(new String[] {APPLICATION_PROTOCOL});
        }
        handler.engine().setSSLParameters(parameters);
        handler.setHandshakeTimeoutMillis(timeout.toMillis());
        return handler;
    }

    /** Addresses are no names: the standard forbids to send them. */
    private static @Nullable SNIHostName serverName(String host) {
        boolean address = host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9');
        try {
            return address ? null : new SNIHostName(host);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Why the handshake failed, in words. */
    PostgresFailed failure(String where, Throwable cause) {
        String said = deepest(cause);
        String attempted = "no TLS with " + where + " (sslmode=" + settings.mode() + "): ";
        if (said.contains("No name matching") || said.contains("subject alternative")) {
            return new PostgresFailed(
                    attempted + "the certificate is for another name: " + said,
                    "connect by the name that the certificate has; hostaddr= says where that is",
                    cause);
        }
        if (said.contains("certification path") || said.contains("trust anchor") || said.contains("signature check")) {
            return new PostgresFailed(
                    attempted + "the certificate was not issued by whom we trust ("
                            + (settings.roots() == null ? "the system's authorities" : settings.roots()) + "): " + said,
                    "name the file of the authority that issued it: sslrootcert=FILE",
                    cause);
        }
        return new PostgresFailed(attempted + said, cause);
    }

    private static String deepest(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String said = root.getMessage();
        return said == null ? root instanceof SSLException ? "the handshake failed" : root.toString() : said;
    }

    Security.Protection protection() {
        return settings.mode() == SslMode.REQUIRE
                ? Security.Protection.UNVERIFIED_TLS
                : Security.Protection.VERIFIED_TLS;
    }
}
