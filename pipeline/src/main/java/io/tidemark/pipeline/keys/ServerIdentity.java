package io.tidemark.pipeline.keys;

import io.tidemark.crypto.AuthenticationFailed;
import io.tidemark.crypto.KeyMismatch;
import io.tidemark.crypto.keyset.CheckValue;
import io.tidemark.crypto.keyset.Generation;
import io.tidemark.crypto.keyset.KeysetContext;
import io.tidemark.crypto.keyset.ProviderRecipient;
import io.tidemark.crypto.keyset.RecipientKind;
import io.tidemark.crypto.keyset.SealingKeyset;
import io.tidemark.crypto.keyset.Wrapping;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.keys.provider.FetchedKey;
import io.tidemark.pipeline.keys.provider.KeyProvider;
import io.tidemark.pipeline.keys.provider.KeyReference;
import io.tidemark.pipeline.keys.provider.KeyWrapper;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One who may use the keys of a KMIP server or of Vault. Which of them opens a generation is what its recipients say, and
 * they are anybody's to write: so a key that is absent, denied or another one is a generation that does not count, and only
 * a server that cannot be asked is a failure; and there is an end to asking for keys in vain.
 */
public final class ServerIdentity implements Identity {
    private static final int MOST_ATTEMPTS = 4;
    private static final int MOST_IN_VAIN = 64;

    private final RecipientKind kind;
    private final KeyProvider provider;
    private final @Nullable KeyWrapper wrapper;
    private final AtomicInteger inVain = new AtomicInteger();

    /**
     * @param kind {@code KMIP} or {@code VAULT}
     * @param wrapper null where keys do not stay at the server
     */
    public ServerIdentity(RecipientKind kind, KeyProvider provider, @Nullable KeyWrapper wrapper) {
        this.kind = kind;
        this.provider = provider;
        this.wrapper = wrapper;
    }

    @Override
    public String description() {
        return kind.word() + " key of provider \"" + provider.name() + "\"";
    }

    @Override
    public Mono<SealingKeyset> open(Generation generation) {
        List<ProviderRecipient> recipients = recipients(generation);
        if (recipients.isEmpty()) {
            return Mono.empty();
        }
        return Mono.defer(() -> {
            List<Throwable> failures = new ArrayList<>();
            return Flux.fromIterable(recipients)
                    .concatMap(
                            recipient -> open(recipient, generation).onErrorResume(failure -> {
                                failures.add(failure);
                                return Mono.empty();
                            }),
                            1)
                    .next()
                    .switchIfEmpty(Mono.defer(() -> Mono.error(verdict(failures))));
        });
    }

    @Override
    public Proof proof() {
        return Proof.SHARED_KEY;
    }

    @Override
    public String toString() {
        return description();
    }

    /** Of our kind, those first that name our provider: on another host it may be called otherwise. */
    private List<ProviderRecipient> recipients(Generation generation) {
        return generation.recipients().stream()
                .filter(recipient -> recipient.kind() == kind)
                .map(ProviderRecipient.class::cast)
                .filter(recipient -> recipient.how() == Wrapping.AES_GCM || wrapper != null)
                .sorted(Comparator.comparing(
                        recipient -> recipient.key().provider().equals(provider.name()) ? 0 : 1))
                .limit(MOST_ATTEMPTS)
                .toList();
    }

    private Mono<SealingKeyset> open(ProviderRecipient recipient, Generation generation) {
        if (inVain.get() >= MOST_IN_VAIN) {
            return Mono.error(() -> new KeyMismatch("generation " + generation.number() + " names key \""
                    + recipient.key().name() + "\", and " + MOST_IN_VAIN
                    + " others were asked for in vain: somebody has put generations there"));
        }
        return (recipient.how() == Wrapping.AES_GCM
                        ? fetched(recipient, generation)
                        : atTheServer(recipient, generation))
                .onErrorMap(KeysFailed.class, this::aboutTheKey);
    }

    private Mono<SealingKeyset> fetched(ProviderRecipient recipient, Generation generation) {
        return Mono.usingWhen(
                provider.fetch(KeyReference.of(recipient.key())),
                key -> Mono.fromCallable(() -> unwrap(recipient, key, generation)),
                key -> Mono.fromRunnable(key::close));
    }

    private static SealingKeyset unwrap(ProviderRecipient recipient, FetchedKey key, Generation generation) {
        CheckValue named = recipient.key().check();
        try {
            return recipient.unwrap(key.bytes(), generation.context());
        } catch (KeyMismatch mismatch) {
            throw named == null
                    ? mismatch
                    : new AuthenticationFailed(
                            "generation " + generation.number() + " does not open with the key that it was made for: "
                                    + "it is damaged, was moved here or is a forgery",
                            mismatch);
        }
    }

    private Mono<SealingKeyset> atTheServer(ProviderRecipient recipient, Generation generation) {
        KeyWrapper server = wrapper;
        if (server == null) {
            return Mono.empty();
        }
        KeysetContext context = generation.context();
        return Mono.usingWhen(
                server.unwrap(KeyReference.of(recipient.key()), recipient.wrapped(), context.associatedData()),
                json -> Mono.fromCallable(() -> context.open(json)),
                json -> Mono.fromRunnable(json::close));
    }

    /** What is said of one key is a matter of who named it; that nobody answers, or not who should, is ours. */
    private Throwable aboutTheKey(KeysFailed failure) {
        return switch (failure.reason()) {
            case UNREACHABLE, UNTRUSTED -> failure;
            case ABSENT, DENIED, AMBIGUOUS, WRONG, STATE, LOST, UNUSABLE -> {
                inVain.incrementAndGet();
                String hint = failure.hint().map(text -> "; " + text).orElse("");
                yield new KeyMismatch(failure.getMessage() + hint, failure);
            }
        };
    }

    /** What cannot be had goes before what does not fit. */
    private static Throwable verdict(List<Throwable> failures) {
        return failures.stream()
                .filter(failure -> !(failure instanceof KeyMismatch))
                .findFirst()
                .orElse(failures.get(0));
    }
}
