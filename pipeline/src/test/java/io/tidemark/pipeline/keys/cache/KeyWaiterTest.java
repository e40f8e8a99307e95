package io.tidemark.pipeline.keys.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.crypto.SecretBytes;
import io.tidemark.pipeline.keys.provider.FetchedKey;
import io.tidemark.pipeline.keys.provider.KeyState;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

class KeyWaiterTest {
    private final AtomicInteger left = new AtomicInteger();
    private final Taker taker = new Taker();
    private final KeyWaiter waiter = new KeyWaiter(taker, cancelled -> left.incrementAndGet());

    @Test
    void give_beforeItIsRequested_waitsForTheRequest() {
        FetchedKey key = key();
        waiter.give(key);
        assertThat(taker.key.get()).isNull();

        waiter.request(1);

        assertThat(taker.key.get()).isSameAs(key);
        assertThat(taker.completions).hasValue(1);
        assertThat(ScriptedKeyProvider.isWiped(key)).isFalse();
    }

    @Test
    void cancel_whileAKeyWaitsForTheRequest_wipesIt() {
        FetchedKey key = key();
        waiter.give(key);

        waiter.cancel();
        waiter.request(1);

        assertThat(ScriptedKeyProvider.isWiped(key)).isTrue();
        assertThat(taker.key.get()).isNull();
    }

    @Test
    void give_afterTheCancel_wipesIt() {
        FetchedKey key = key();
        waiter.request(1);
        waiter.cancel();

        waiter.give(key);

        assertThat(ScriptedKeyProvider.isWiped(key)).isTrue();
        assertThat(left).hasValue(1);
    }

    @Test
    void fail_afterTheCancel_isNotHeard() {
        waiter.request(1);
        waiter.cancel();

        waiter.fail(new IllegalStateException("late"));

        assertThat(taker.failure.get()).isNull();
    }

    @Test
    void cancel_afterTheKey_leavesNobody() {
        waiter.request(1);
        waiter.give(key());

        waiter.cancel();

        assertThat(left).hasValue(0);
    }

    @Test
    void give_againstCancelAndRequest_endsWithTheSubscriberOrWiped() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        CyclicBarrier start = new CyclicBarrier(3);
        try {
            for (int round = 0; round < 20_000; round++) {
                Taker each = new Taker();
                KeyWaiter raced = new KeyWaiter(each, cancelled -> {});
                FetchedKey key = key();
                await(
                        threads.submit(() -> together(start, () -> raced.give(key))),
                        threads.submit(() -> together(start, () -> raced.request(1))),
                        threads.submit(() -> together(start, raced::cancel)));

                assertThat(each.key.get() == key ^ ScriptedKeyProvider.isWiped(key))
                        .as("round %d: taken or wiped, not both", round)
                        .isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void together(CyclicBarrier start, Runnable act) {
        try {
            start.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
        act.run();
    }

    private static void await(Future<?>... all) throws InterruptedException, ExecutionException {
        for (Future<?> one : all) {
            one.get();
        }
    }

    private static FetchedKey key() {
        return new FetchedKey(SecretBytes.copyOf(new byte[32]), "k", "uid", KeyState.ACTIVE);
    }

    private static final class Taker implements CoreSubscriber<FetchedKey> {
        private final AtomicReference<FetchedKey> key = new AtomicReference<>();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private final AtomicInteger completions = new AtomicInteger();

        @Override
        public void onSubscribe(Subscription subscription) {}

        @Override
        public void onNext(FetchedKey given) {
            key.set(given);
        }

        @Override
        public void onError(Throwable cause) {
            failure.set(cause);
        }

        @Override
        public void onComplete() {
            completions.incrementAndGet();
        }
    }
}
