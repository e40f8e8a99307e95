package io.tidemark.pipeline.keys.kmip;

import io.tidemark.kmip.client.KmipClient;
import io.tidemark.kmip.client.KmipSettings;
import io.tidemark.kmip.tls.TlsOptions;
import io.tidemark.kmip.tls.TlsSource;
import io.tidemark.pipeline.config.KeyProviderSettings;
import io.tidemark.pipeline.postgres.wire.EventLoops;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/** The clients of one process, made by the configuration when they are first needed, and ended together. Usable from any thread. */
public final class KmipServers implements AutoCloseable {
    private final Supplier<EventLoops> loops;
    private final Scheduler files;
    private final SecureRandom jitter;
    private final Map<String, String> environment;
    private final List<KmipClient> made = new ArrayList<>();
    private boolean closed;

    /**
     * @param loops asked when the first connection is made
     * @param files where files are read, names are resolved and certificates are checked
     * @param environment for passwords
     */
    public KmipServers(
            Supplier<EventLoops> loops, Scheduler files, SecureRandom jitter, Map<String, String> environment) {
        this.loops = loops;
        this.files = files;
        this.jitter = jitter;
        this.environment = Map.copyOf(environment);
    }

    /** What our side of TLS is made of. */
    public TlsSource tls(KeyProviderSettings.InKmip settings) {
        TlsOptions options = TlsOptions.STANDARD.withCiphers(settings.ciphers());
        String serverName = settings.serverName();
        return new TlsSource(
                new ClientFiles(settings, environment).tls(),
                serverName == null ? options : options.withServerName(serverName),
                files);
    }

    /**
     * Blocks for a look at the modes of what is secret.
     *
     * @throws io.tidemark.pipeline.config.UsageError where one of the files is open to others
     */
    public void requirePrivate(KeyProviderSettings.InKmip settings) {
        new ClientFiles(settings, environment).requirePrivate();
    }

    /** A client that lives until this is closed. */
    public synchronized KmipClient client(KeyProviderSettings.InKmip settings, TlsSource tls) {
        KmipClient client = new KmipClient(settings(settings), tls, loops.get().group(), files, jitter);
        made.add(client);
        if (closed) {
            client.close();
        }
        return client;
    }

    private static KmipSettings settings(KeyProviderSettings.InKmip settings) {
        return KmipSettings.of(settings.hosts())
                .withConnectTimeout(settings.waits().connect())
                .withRequestTimeout(settings.waits().request())
                .withDeadline(settings.waits().whole());
    }

    /** The server of that provider, without a connection yet. */
    KmipServer server(KeyProviderSettings.InKmip settings) {
        TlsSource tls = tls(settings);
        return new KmipServer(
                settings, new ClientFiles(settings, environment), tls, once(() -> client(settings, tls)), files);
    }

    private static Supplier<KmipClient> once(Supplier<KmipClient> making) {
        return new Supplier<>() {
            private @Nullable KmipClient client;

            @Override
            public synchronized KmipClient get() {
                KmipClient known = client;
                if (known == null) {
                    known = making.get();
                    client = known;
                }
                return known;
            }
        };
    }

    /** Ends their connections; requests under way fail. */
    @Override
    public synchronized void close() {
        closed = true;
        made.forEach(KmipClient::close);
    }
}
