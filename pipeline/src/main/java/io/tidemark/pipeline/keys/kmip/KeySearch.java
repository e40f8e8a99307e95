package io.tidemark.pipeline.keys.kmip;

import io.tidemark.crypto.keyset.CheckValue;
import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.attribute.Attribute;
import io.tidemark.kmip.message.attribute.State;
import io.tidemark.kmip.message.operation.Locate;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.KeysFailed.Reason;
import io.tidemark.pipeline.keys.provider.FetchedKey;
import io.tidemark.pipeline.keys.provider.KeyReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Which object a reference means: by its identifier, or by name where none, one and several are three outcomes. */
final class KeySearch {
    private final KmipServer server;
    private final KeyReading reading;
    private final Refusals refusals;

    KeySearch(KmipServer server, KeyReading reading, Refusals refusals) {
        this.server = server;
        this.reading = reading;
        this.refusals = refusals;
    }

    /** The key, given. Fails with {@code KmipException} and {@link KeysFailed}. */
    Mono<FetchedKey> fetch(KeyReference reference) {
        String id = reference.uniqueIdentifier();
        if (id == null) {
            return byName(reference);
        }
        Mono<FetchedKey> asked = Mono.defer(() -> checked(identifier(id), reference));
        if (reference.key() == null || reference.check() == null) {
            return asked;
        }
        // a KMS that was set up anew has other identifiers, or gives the old one to another key
        KeyReference anyOfTheName = KeyReference.named(reference.key()).withCheck(reference.check());
        return asked.onErrorResume(
                KeySearch::isAboutThisObject,
                there -> byName(anyOfTheName).onErrorMap(failure -> isTransient(failure) ? failure : there));
    }

    /** One that no server can have given is one that there is not. */
    static UniqueIdentifier identifier(String id) {
        try {
            return new UniqueIdentifier(id);
        } catch (IllegalArgumentException impossible) {
            throw new KeysFailed(Reason.ABSENT, "a key's identifier is impossible", null, impossible);
        }
    }

    private Mono<FetchedKey> byName(KeyReference reference) {
        return located(reference).flatMap(ids -> switch (ids.size()) {
            case 0 -> none(reference);
            case 1 -> checked(ids.get(0), reference);
            default -> several(ids, reference);
        });
    }

    /** Up to {@value Locate#MOST} of that name, the name cut as pg_tde cuts it; by name and type only. */
    Mono<List<UniqueIdentifier>> located(KeyReference reference) {
        String name = reference.key();
        return name == null
                ? Mono.error(() -> new KeysFailed(
                        Reason.ABSENT, "a key at a KMIP server has a name, and none was given", null, null))
                : server.ask(Locate.pgTdeKey(name));
    }

    /** No live one; Cosmian still knows those that were destroyed, where one asks for them. */
    <T> Mono<T> none(KeyReference reference) {
        Locate live = Locate.pgTdeKey(String.valueOf(reference.key()));
        Locate destroyed = Locate.of(live.criteria().with(Attribute.state(State.DESTROYED)));
        return server.ask(destroyed)
                .onErrorResume(
                        KmipException.class,
                        failure -> failure.isTransient() ? Mono.error(failure) : Mono.just(List.of()))
                .flatMap(ids -> ids.isEmpty()
                        ? refusals.absent(reference, null, null).flatMap(Mono::error)
                        : Mono.error(Refusals.lost(KeyReading.identified(reference.key(), ids.get(0)), null)));
    }

    private Mono<FetchedKey> checked(UniqueIdentifier id, KeyReference reference) {
        return reading.read(id, reference).map(key -> {
            CheckValue expected = reference.check();
            if (expected != null && !expected.equals(key.check())) {
                key.close();
                throw new KeysFailed(
                        Reason.WRONG,
                        KeyReading.identified(reference.key(), id).described() + " has check value " + key.check()
                                + ", wanted is " + expected,
                        "was it replaced or re-keyed at the server? The name moves to the new key then, and the old one"
                                + " is still there under its own identifier",
                        null);
            }
            return key;
        });
    }

    private Mono<FetchedKey> several(List<UniqueIdentifier> ids, KeyReference reference) {
        return Flux.fromIterable(ids)
                .concatMap(id -> candidate(id, reference), 1)
                .collectList()
                .flatMap(candidates -> {
                    Candidate chosen = chosen(candidates, reference.check());
                    // fetched anew: while they were compared no key was kept
                    return chosen == null
                            ? Mono.error(undecided(candidates, reference))
                            : checked(chosen.id(), reference.withCheck(chosen.check()));
                });
    }

    /**
     * One of several, and what could be found out of it.
     *
     * @param check null where the server did not give the key
     * @param why it did not
     */
    private record Candidate(
            UniqueIdentifier id,
            @Nullable CheckValue check,
            @Nullable String why) {}

    private Mono<Candidate> candidate(UniqueIdentifier id, KeyReference reference) {
        return reading.read(id, reference)
                .map(key -> {
                    try (key) {
                        return new Candidate(id, key.check(), null);
                    }
                })
                .onErrorResume(
                        KeySearch::isAboutThisObject,
                        failure -> Mono.just(new Candidate(id, null, String.valueOf(failure.getMessage()))));
    }

    /** Several objects may hold one key, as when it was registered twice; their order at the server means nothing. */
    private static @Nullable Candidate chosen(List<Candidate> candidates, @Nullable CheckValue expected) {
        boolean oneKey = candidates.stream().map(Candidate::check).distinct().count() == 1;
        if (expected == null && !oneKey) {
            return null;
        }
        return candidates.stream()
                .filter(candidate -> candidate.check() != null)
                .filter(candidate -> expected == null || expected.equals(candidate.check()))
                .min(Comparator.comparing(candidate -> candidate.id().value()))
                .orElse(null);
    }

    private static KeysFailed undecided(List<Candidate> candidates, KeyReference reference) {
        List<String> found = new ArrayList<>();
        for (Candidate one : candidates) {
            CheckValue check = one.check();
            found.add(one.id()
                    + (check == null ? " (not given out: " + one.why() + ")" : " (check value " + check + ")"));
        }
        String there = candidates.size() + (candidates.size() == Locate.MOST ? " or more" : "") + " keys of the name \""
                + reference.key() + "\": " + String.join(", ", found);
        CheckValue expected = reference.check();
        return expected == null
                ? new KeysFailed(
                        Reason.AMBIGUOUS,
                        there + ", and nothing says which is meant",
                        "pg_tde refuses to start with two of one name. Find out which one is in use, and rename the others:"
                                + " destroy none before every backup of it has gone",
                        null)
                : new KeysFailed(Reason.WRONG, there + "; wanted is check value " + expected, null, null);
    }

    /** Whether others of the name may still be what is wanted. */
    static boolean isAboutThisObject(Throwable failure) {
        if (failure instanceof KmipException kmip) {
            return switch (kmip.kind()) {
                case KEY_NOT_FOUND, NOT_PERMITTED, WRONG_LIFECYCLE_STATE -> true;
                case SERVER_REFUSED, UNREACHABLE, TLS_REFUSED, PROTOCOL_VIOLATION, TIMED_OUT, FILES_UNUSABLE -> false;
            };
        }
        return failure instanceof KeysFailed;
    }

    private static boolean isTransient(Throwable failure) {
        return failure instanceof KmipException kmip && kmip.isTransient();
    }
}
