package io.tidemark.pipeline.keys.kmip;

import io.tidemark.crypto.SecretBytes;
import io.tidemark.kmip.KmipException;
import io.tidemark.pipeline.config.KeyProviderSettings;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.keys.provider.FetchedKey;
import io.tidemark.pipeline.keys.provider.KeyCreator;
import io.tidemark.pipeline.keys.provider.KeyProvider;
import io.tidemark.pipeline.keys.provider.KeyReference;
import io.tidemark.pipeline.keys.provider.KeyWrapper;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Keys at a KMIP server, by name as pg_tde stores them or by unique identifier. A deactivated key is fetched where its
 * server gives it out in any way, one that is compromised with a warning, and one that was destroyed is said to be lost.
 * Keys that may not leave the server encrypt and decrypt there.
 */
public final class KmipKeyProvider implements KeyProvider, KeyCreator, KeyWrapper {
    private final KmipServer server;
    private final Scheduler waiting;
    private final Refusals refusals;
    private final KeySearch search;
    private final KeyMaking making;
    private final ServerCipher cipher;

    /**
     * @param servers makes the client, when it is first needed, and ends it
     * @param waiting measures the time that an operation may take
     * @param random for IVs
     * @param events hears of keys that are used in spite of their state
     */
    public KmipKeyProvider(
            KeyProviderSettings.InKmip settings,
            KmipServers servers,
            Scheduler waiting,
            SecureRandom random,
            EventLog events) {
        this.server = servers.server(settings);
        this.waiting = waiting;
        this.refusals = new Refusals(server);
        KeyReading reading = new KeyReading(server, events);
        this.search = new KeySearch(server, reading, refusals);
        this.making = new KeyMaking(server, search, reading);
        this.cipher = new ServerCipher(server, search, random);
    }

    @Override
    public String name() {
        return server.settings().name();
    }

    @Override
    public Mono<FetchedKey> fetch(KeyReference reference) {
        return told(search.fetch(reference), reference).doOnDiscard(FetchedKey.class, FetchedKey::close);
    }

    @Override
    public Mono<Outcome> create(String key) {
        KeyReference reference = KeyReference.named(key);
        return told(making.create(reference), reference);
    }

    @Override
    public Mono<Wrapped> wrap(KeyReference key, SecretBytes secret, byte[] associatedData) {
        return told(cipher.wrap(key, secret, associatedData), key);
    }

    @Override
    public Mono<SecretBytes> unwrap(KeyReference key, byte[] wrapped, byte[] associatedData) {
        return told(cipher.unwrap(key, wrapped, associatedData), key)
                .doOnDiscard(SecretBytes.class, SecretBytes::close);
    }

    /** Within its time, by a server that is allowed to know us, and with failures in our terms. */
    private <T> Mono<T> told(Mono<T> work, KeyReference reference) {
        Duration whole = server.settings().waits().whole();
        return server.ready()
                .then(work)
                .timeout(whole, waiting)
                .onErrorMap(TimeoutException.class, timeout -> Refusals.late(timeout, reference, whole.toMillis()))
                .onErrorResume(
                        KmipException.class,
                        failure -> refusals.of(failure, reference).flatMap(Mono::error))
                .onErrorMap(KeysFailed.class, refusals::named);
    }

    @Override
    public String toString() {
        return "KMIP server " + server.hosts() + " (provider \"" + name() + "\")";
    }
}
