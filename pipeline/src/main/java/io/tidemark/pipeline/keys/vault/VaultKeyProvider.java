package io.tidemark.pipeline.keys.vault;

import io.netty.bootstrap.Bootstrap;
import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.keyset.CheckValue;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.KeysFailed.Reason;
import io.tidemark.pipeline.keys.provider.FetchedKey;
import io.tidemark.pipeline.keys.provider.KeyCreator;
import io.tidemark.pipeline.keys.provider.KeyProvider;
import io.tidemark.pipeline.keys.provider.KeyReference;
import io.tidemark.pipeline.keys.provider.KeyState;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Keys in a KV store of version 2 of Vault or OpenBao, each under its name in the field {@code key}, in base64, as pg_tde
 * stores them. The unique identifier of a key is the number of its version: where a name was written anew, the key that is
 * meant is still found. Token and trusted certificates are read for each request, and the token once more where it was
 * refused and its file holds another one meanwhile.
 */
public final class VaultKeyProvider implements KeyProvider, KeyCreator {
    private final String name;
    private final VaultPlace place;
    private final Scheduler files;
    private final SecureRandom random;
    private final VaultTransport transport;
    private final Refusals refusals;

    /**
     * @param connecting gives a bootstrap with its event loops, and without a resolver of names
     * @param files where files are read, names are resolved and certificates are checked
     */
    public VaultKeyProvider(
            String name, VaultPlace place, Supplier<Bootstrap> connecting, Scheduler files, SecureRandom random) {
        this.name = name;
        this.place = place;
        this.files = files;
        this.random = random;
        this.transport = new VaultTransport(place, new VaultExchange(connecting, place, files::schedule), files);
        this.refusals = new Refusals(name, place);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Mono<FetchedKey> fetch(KeyReference reference) {
        Mono<FetchedKey> asked = fetchOnce(reference);
        if (reference.uniqueIdentifier() == null || reference.check() == null) {
            return asked;
        }
        // a store keeps so many versions; the same key may have been written again since
        KeyReference latest = KeyReference.named(reference.key()).withCheck(reference.check());
        return asked.onErrorResume(
                VaultKeyProvider::isGone,
                gone -> fetchOnce(latest)
                        .onErrorMap(KeysFailed.class, failure -> failure.isTransient() ? failure : gone));
    }

    @Override
    public Mono<Outcome> create(String key) {
        KeyReference reference = KeyReference.named(key);
        return ask(
                token -> VaultRequest.post(place, path(reference), token, NewKey.json(random)),
                (answer, read, told) -> created(answer, read, reference, told));
    }

    @Override
    public String toString() {
        return "Vault at " + place.authority() + " (provider \"" + name + "\")";
    }

    private Mono<FetchedKey> fetchOnce(KeyReference reference) {
        return this.<FetchedKey>ask(
                        token -> VaultRequest.get(place, path(reference), token),
                        (answer, read, told) -> found(answer, read, reference, told))
                .doOnDiscard(FetchedKey.class, FetchedKey::close);
    }

    private String path(KeyReference reference) {
        return KeyPath.of(place.mount(), reference);
    }

    /** Asks, and once more where the token was refused and another one is there by now. */
    private <T> Mono<T> ask(Function<byte[], VaultRequest> request, Judgement<T> judgement) {
        return token().flatMap(token -> {
                    byte[] refused = token.clone();
                    return asked(token, request, judgement)
                            .onErrorResume(
                                    VaultKeyProvider::isDenied,
                                    denied -> token().filter(now -> isAnother(now, refused))
                                            .flatMap(now -> asked(now, request, judgement))
                                            .switchIfEmpty(Mono.error(denied)))
                            .doFinally(end -> Arrays.fill(refused, (byte) 0));
                })
                .onErrorMap(KeysFailed.class, refusals::of);
    }

    private Mono<byte[]> token() {
        return Mono.fromCallable(() -> VaultToken.read(place.tokenFile())).subscribeOn(files);
    }

    private static boolean isAnother(byte[] token, byte[] refused) {
        boolean another = !MessageDigest.isEqual(token, refused);
        if (!another) {
            Arrays.fill(token, (byte) 0);
        }
        return another;
    }

    private <T> Mono<T> asked(byte[] token, Function<byte[], VaultRequest> request, Judgement<T> judgement) {
        return Mono.using(
                () -> request.apply(token),
                made -> transport.send(made).map(answer -> judged(answer, made, judgement)),
                VaultRequest::close);
    }

    private <T> T judged(VaultAnswer answer, VaultRequest request, Judgement<T> judgement) {
        try (answer;
                KeyVersion read = read(answer)) {
            String error = read.error();
            return judgement.of(answer, read, error == null || request.isIn(error) ? null : error);
        }
    }

    private KeyVersion read(VaultAnswer answer) {
        try {
            return KeyVersion.read(answer.body());
        } catch (IllegalArgumentException malformed) {
            throw refusals.noJson(answer, malformed);
        }
    }

    /** What an answer is, all of it lent; {@code told} is what the server says of a refusal, without the token. */
    private interface Judgement<T> {
        T of(VaultAnswer answer, KeyVersion read, @Nullable String told);
    }

    private FetchedKey found(VaultAnswer answer, KeyVersion read, KeyReference reference, @Nullable String told) {
        if (answer.status() != 200) {
            throw refusals.of(answer, read, reference, told);
        }
        SecretBytes key = read.key();
        if (key == null) {
            throw refusals.notAKey(reference, read);
        }
        if (key.length() != 16 && key.length() != 32) {
            throw refusals.wrongLength(reference, key.length());
        }
        FetchedKey found = new FetchedKey(key.duplicate(), reference.key(), read.version(), KeyState.NOT_KEPT);
        CheckValue expected = reference.check();
        if (expected != null && !expected.equals(found.check())) {
            found.close();
            throw refusals.otherKey(reference, found, expected);
        }
        return found;
    }

    private Outcome created(VaultAnswer answer, KeyVersion read, KeyReference reference, @Nullable String told) {
        if (answer.status() == 200) {
            return Outcome.MADE;
        }
        // the store's own condition, cas 0, decides between two who create at once
        if (answer.status() == 400 && told != null && told.contains("check-and-set parameter did not match")) {
            return Outcome.PRESENT;
        }
        throw refusals.of(answer, read, reference, told);
    }

    private static boolean isDenied(Throwable failure) {
        return failure instanceof KeysFailed keys && keys.reason() == Reason.DENIED;
    }

    private static boolean isGone(Throwable failure) {
        return failure instanceof KeysFailed keys
                && (keys.reason() == Reason.ABSENT || keys.reason() == Reason.LOST || keys.reason() == Reason.STATE);
    }
}
