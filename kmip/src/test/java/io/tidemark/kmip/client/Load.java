package io.tidemark.kmip.client;

import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.message.operation.Get;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Eight who ask for a key without a pause, until it is closed; what fails is noted. */
final class Load implements AutoCloseable {
    private static final int WORKERS = 8;
    private static final Duration AFTER_A_FAILURE = Duration.ofMillis(20);

    final Queue<KmipException> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger keys = new AtomicInteger();
    private final AtomicInteger wrong = new AtomicInteger();
    private final Disposable running;

    Load(KmipClient client, Get get) {
        running = Flux.range(0, WORKERS)
                .flatMap(worker -> asking(client, get).repeat(), WORKERS)
                .subscribe();
        more();
    }

    private Mono<Boolean> asking(KmipClient client, Get get) {
        return client.ask(get)
                .map(Lab::isKey)
                .doOnNext(right -> (right ? keys : wrong).incrementAndGet())
                .onErrorResume(KmipException.class, failure -> {
                    failures.add(failure);
                    return Mono.delay(AFTER_A_FAILURE).then(Mono.empty());
                });
    }

    /** Until some more keys have come than now. */
    void more() {
        int enough = keys.get() + 100;
        try {
            PoolTest.await(() -> keys.get() >= enough);
        } catch (AssertionError e) {
            throw new AssertionError(
                    keys + " keys, and of " + failures.size() + " failures these: "
                            + failures.stream()
                                    .skip(Math.max(0, failures.size() - 3))
                                    .toList(),
                    e);
        }
    }

    int keys() {
        return keys.get();
    }

    @Override
    public void close() {
        running.dispose();
        if (wrong.get() > 0) {
            throw new AssertionError(wrong + " wrong keys");
        }
    }
}
