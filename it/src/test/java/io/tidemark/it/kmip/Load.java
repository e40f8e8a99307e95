package io.tidemark.it.kmip;

import io.tidemark.kmip.KeyMaterial;
import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.client.KmipClient;
import io.tidemark.kmip.message.key.ManagedObject;
import io.tidemark.kmip.message.operation.Get;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One key, asked for by several at once, again and again, each a little after it was answered; and what became of every request, by the
 * phase of the test that it was begun in.
 */
final class Load implements AutoCloseable {
    static final int ASKING = 8;
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int SECONDS = 60;

    private final KmipClient client;
    private final UniqueIdentifier id;
    private final KeyMaterial expected;
    private final Map<String, Integer> served = new ConcurrentHashMap<>();
    private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> ended;
    private volatile boolean going = true;
    private volatile String phase;

    /** A request that brought no key, or not the one that was expected. */
    record Failure(String begunIn, Throwable why) {}

    private Load(KmipClient client, UniqueIdentifier id, KeyMaterial expected, String phase) {
        this.client = client;
        this.id = id;
        this.expected = expected;
        this.phase = phase;
        this.ended = Flux.range(0, ASKING)
                .flatMap(one -> asked().then(Mono.delay(PAUSE)).repeat(() -> going), ASKING)
                .then()
                .toFuture();
    }

    /** @param expected given */
    static Load of(KmipClient client, UniqueIdentifier id, KeyMaterial expected, String phase) {
        return new Load(client, id, expected, phase);
    }

    private Mono<Void> asked() {
        return Mono.defer(() -> {
            String begunIn = phase;
            return client.ask(Get.of(id))
                    .doOnNext(object -> received(begunIn, object))
                    .doOnError(why -> failures.add(new Failure(begunIn, why)))
                    .onErrorResume(KmipException.class, counted -> Mono.empty())
                    .then();
        });
    }

    private void received(String begunIn, ManagedObject object) {
        try (object) {
            if (!object.key().material().matches(expected)) {
                throw new AssertionError("another key came");
            }
        }
        served.merge(begunIn, 1, Integer::sum);
    }

    /** What is begun from now on, is begun in this phase. */
    void enter(String next) {
        phase = next;
    }

    /** Until so many requests that were begun in this phase have brought the key. */
    void awaitServed(int requests) {
        String now = phase;
        await(() -> served(now) >= requests, requests + " served in " + now);
    }

    void awaitFailure(Class<? extends KmipException> kind) {
        String now = phase;
        await(() -> failuresIn(now).stream().anyMatch(kind::isInstance), kind.getSimpleName() + " in " + now);
    }

    private void await(BooleanSupplier reached, String what) {
        for (int hundredths = 0; !reached.getAsBoolean(); hundredths++) {
            if (hundredths > SECONDS * 100 || ended.isDone()) {
                throw new AssertionError("not within " + SECONDS + " seconds: " + what + "; " + this);
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    int served(String begunIn) {
        return served.getOrDefault(begunIn, 0);
    }

    List<Throwable> failuresIn(String begunIn) {
        return failures.stream()
                .filter(failure -> failure.begunIn.equals(begunIn))
                .map(Failure::why)
                .toList();
    }

    List<Throwable> failures() {
        return failures.stream().map(Failure::why).toList();
    }

    @Override
    public String toString() {
        return "served " + served + ", failed " + failures.size();
    }

    /** Begins nothing more, and waits for what is under way. */
    void end() {
        going = false;
        try {
            ended.get(2L * SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the load did not end well: " + this, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        going = false;
        expected.close();
    }
}
