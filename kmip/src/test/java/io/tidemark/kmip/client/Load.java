package io.tidemark.kmip.client;

import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.message.operation.Get;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Eight who ask for a key without a pause, until it is closed; what fails is noted. */
final class Load implements AutoCloseable {
    private static final int WORKERS = 8;

    final List<KmipException> failures = new CopyOnWriteArrayList<>();
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
                    return Mono.empty();
                });
    }

    /** Until some more keys have come than now. */
    void more() {
        int enough = keys.get() + 100;
        PoolTest.await(() -> keys.get() >= enough);
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
