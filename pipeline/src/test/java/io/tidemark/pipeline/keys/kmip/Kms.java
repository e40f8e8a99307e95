package io.tidemark.pipeline.keys.kmip;

import io.tidemark.kmip.client.KmipHost;
import io.tidemark.kmip.testing.Dialect;
import io.tidemark.kmip.testing.Pki;
import io.tidemark.kmip.testing.ScriptedKmipServer;
import io.tidemark.kmip.testing.ScriptedKms;
import io.tidemark.kmip.testing.ServerTls;
import io.tidemark.pipeline.config.KeyProviderSettings;
import io.tidemark.pipeline.config.KeyProviderSettings.InKmip.Waits;
import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.postgres.wire.EventLoops;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import reactor.core.scheduler.Schedulers;

/** A KMS that listens, and providers whose certificate is that of alice. */
final class Kms implements AutoCloseable {
    static final String ALICE = "alice";
    private static final Duration LONG = Duration.ofSeconds(30);

    final Pki pki;
    final ScriptedKms keys;
    final ScriptedKmipServer server;
    final List<Event> events = Collections.synchronizedList(new ArrayList<>());
    private final KmipServers servers;

    Kms(Path directory, Dialect dialect, EventLoops loops) {
        this.pki = Pki.in(directory);
        this.keys = new ScriptedKms(dialect);
        this.server = ScriptedKmipServer.start(pki, ServerTls.good(), keys);
        this.servers = new KmipServers(() -> loops, Schedulers.boundedElastic(), new SecureRandom(), Map.of());
    }

    KmipKeyProvider provider() {
        return provider(settings("client-alice"));
    }

    KmipKeyProvider provider(KeyProviderSettings.InKmip settings) {
        return new KmipKeyProvider(settings, servers, Schedulers.boundedElastic(), new SecureRandom(), events::add);
    }

    /** @param client whose certificate and key, as {@code client-alice} */
    KeyProviderSettings.InKmip settings(String client) {
        return settings(client + ".crt", client + ".key", LONG);
    }

    KeyProviderSettings.InKmip settings(String certificate, String key, Duration whole) {
        return new KeyProviderSettings.InKmip(
                "under-test",
                List.of(new KmipHost("localhost", server.port())),
                pki.file(certificate),
                pki.file(key),
                null,
                pki.file("ca.crt"),
                null,
                List.of(),
                new Waits(LONG, LONG, whole));
    }

    @Override
    public void close() {
        servers.close();
        server.close();
    }
}
