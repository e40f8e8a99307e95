package io.tidemark.pipeline.keys.cache;

import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.keyset.CheckValue;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.KeysFailed.Reason;
import io.tidemark.pipeline.keys.provider.FetchedKey;
import io.tidemark.pipeline.keys.provider.KeyProvider;
import io.tidemark.pipeline.keys.provider.KeyReference;
import io.tidemark.pipeline.keys.provider.KeyState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** Keys under one name; answers at once, or when it is told to, and remembers every key that it gave. */
final class ScriptedKeyProvider implements KeyProvider {
    static final String NAME = "the-key";

    final List<Question> questions = new CopyOnWriteArrayList<>();
    final List<byte[]> keys = new CopyOnWriteArrayList<>();
    private final List<FetchedKey> given = new CopyOnWriteArrayList<>();
    private volatile Throwable failure;
    private volatile boolean holding;

    /** From now on each fetch fails so; null: no more. */
    void failWith(Throwable with) {
        failure = with;
    }

    void failWith(Reason reason) {
        failWith(new KeysFailed(reason, "key provider \"under-test\" says " + reason, null, null));
    }

    /** From now on questions are answered by the test. */
    void hold() {
        holding = true;
    }

    /** No more. */
    void release() {
        holding = false;
    }

    /** Every key that ever left it, and those that lie with the test are closed too. */
    boolean allWiped() {
        return given.stream().allMatch(ScriptedKeyProvider::isWiped);
    }

    static boolean isWiped(FetchedKey key) {
        try {
            key.bytes().copy(KeyAccess.insecure());
            return false;
        } catch (IllegalStateException wiped) {
            return true;
        }
    }

    @Override
    public String name() {
        return "under-test";
    }

    @Override
    public Mono<FetchedKey> fetch(KeyReference reference) {
        return Mono.<FetchedKey>fromDirect(subscriber -> {
            Question question = new Question(reference, Operators.toCoreSubscriber(subscriber));
            questions.add(question);
            subscriber.onSubscribe(question);
            if (!holding) {
                question.answer();
            }
        });
    }

    private FetchedKey answer(KeyReference reference) {
        if (keys.isEmpty()) {
            throw new KeysFailed(Reason.ABSENT, "key provider \"under-test\" has none", null, null);
        }
        List<FetchedKey> hits = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            FetchedKey hit = new FetchedKey(SecretBytes.copyOf(keys.get(i)), NAME, "uid-" + i, KeyState.ACTIVE);
            boolean fits = reference.check() == null || reference.check().equals(hit.check());
            given.add(hit);
            if (fits) {
                hits.add(hit);
            } else {
                hit.close();
            }
        }
        if (hits.size() == 1) {
            return hits.get(0);
        }
        hits.forEach(FetchedKey::close);
        String checks = String.join(
                ", ", keys.stream().map(key -> CheckValue.of(key).hex()).toList());
        throw new KeysFailed(
                hits.isEmpty() ? Reason.WRONG : Reason.AMBIGUOUS,
                "key provider \"under-test\": wanted " + reference.check() + ", there are " + checks,
                null,
                null);
    }

    /** One fetch. Answers reach the subscriber after its cancel too, as those of a careless provider would. */
    final class Question implements Subscription {
        private final KeyReference reference;
        private final CoreSubscriber<? super FetchedKey> subscriber;
        private volatile boolean cancelled;

        Question(KeyReference reference, CoreSubscriber<? super FetchedKey> subscriber) {
            this.reference = reference;
            this.subscriber = subscriber;
        }

        boolean isCancelled() {
            return cancelled;
        }

        /** As the provider is by now. */
        void answer() {
            Throwable failing = failure;
            FetchedKey key;
            try {
                if (failing != null) {
                    subscriber.onError(failing);
                    return;
                }
                key = ScriptedKeyProvider.this.answer(reference);
            } catch (KeysFailed none) {
                subscriber.onError(none);
                return;
            }
            subscriber.onNext(key);
            subscriber.onComplete();
        }

        @Override
        public void request(long n) {}

        @Override
        public void cancel() {
            cancelled = true;
        }
    }
}
