package io.tidemark.pipeline.keys.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.keys.provider.FetchedKey;
import io.tidemark.pipeline.keys.provider.KeyProvider;
import io.tidemark.pipeline.keys.provider.KeyReference;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Many threads on one cache, whose keys live so shortly that refreshes, ends and cancels meet all the time. */
class CachingKeyProviderRaceTest {
    private static final int ROUNDS = 3_000;

    private final ScriptedKeyProvider behind = new ScriptedKeyProvider();
    private final Scheduler timers = Schedulers.newParallel("timers", 2);
    private final Scheduler answers = Schedulers.newBoundedElastic(2, 100_000, "answers");
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final CachingKeyProvider cache = new CachingKeyProvider(
            slowly(behind),
            new CacheBounds(Duration.ofNanos(400_000), Duration.ofMillis(1), 1),
            Clock.systemUTC(),
            timers,
            new SplittableRandom(1),
            EventLog.silent());

    @AfterEach
    void end() {
        threads.shutdownNow();
        timers.dispose();
        answers.dispose();
    }

    @Test
    void fetch_whileOthersCancelAndKeysEnd_isAlwaysAnsweredAndEveryKeyIsWiped() throws Exception {
        behind.keys.add(new byte[32]);
        List<Future<?>> done = new ArrayList<>();
        done.add(threads.submit(() -> fetchAndCancel("a")));
        done.add(threads.submit(() -> fetchAndCancel("a")));
        done.add(threads.submit(() -> fetch("a")));
        done.add(threads.submit(() -> fetch("b")));
        for (Future<?> one : done) {
            one.get();
        }

        cache.close();
        answers.disposeGracefully().block(Duration.ofSeconds(20));

        assertThat(behind.allWiped()).isTrue();
    }

    private void fetch(String name) {
        for (int round = 0; round < ROUNDS; round++) {
            FetchedKey key = cache.fetch(KeyReference.named(name)).block(Duration.ofSeconds(20));
            assertThat(key).isNotNull();
            assertThat(ScriptedKeyProvider.isWiped(key)).isFalse();
            key.close();
        }
    }

    private void fetchAndCancel(String name) {
        for (int round = 0; round < ROUNDS; round++) {
            Disposable fetching = cache.fetch(KeyReference.named(name)).subscribe(FetchedKey::close);
            fetching.dispose();
        }
    }

    /** Answers on threads of its own, so that they meet cancels. */
    private KeyProvider slowly(KeyProvider provider) {
        return new KeyProvider() {
            @Override
            public String name() {
                return provider.name();
            }

            @Override
            public Mono<FetchedKey> fetch(KeyReference reference) {
                return provider.fetch(reference).subscribeOn(answers).doOnDiscard(FetchedKey.class, FetchedKey::close);
            }
        };
    }
}
