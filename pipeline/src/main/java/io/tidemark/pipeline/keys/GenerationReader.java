package io.tidemark.pipeline.keys;

import io.tidemark.crypto.CryptoException;
import io.tidemark.crypto.KeyMismatch;
import io.tidemark.crypto.RootMismatch;
import io.tidemark.crypto.keyset.Generation;
import io.tidemark.crypto.keyset.KeysetDerivations;
import io.tidemark.crypto.keyset.SealingKeyset;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.RepositoryMarker;
import io.tidemark.pipeline.catalog.SmallObject;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.keys.GenerationProblem.Kind;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.StoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads one generation of one repository and says whether it counts. */
final class GenerationReader {
    /** Longer than any keyset that a rotation a day for some years makes; in bytes. */
    static final int MAX_BYTES = 1 << 20;

    private final ObjectStore store;
    private final RepositoryMarker marker;
    private final List<Identity> identities;
    private final RootExpectation root;

    GenerationReader(ObjectStore store, RepositoryMarker marker, List<Identity> identities, RootExpectation root) {
        this.store = store;
        this.marker = marker;
        this.identities = List.copyOf(identities);
        this.root = root;
    }

    /** What came of reading one. */
    sealed interface Reading permits Valid, Invalid {}

    /** It opens and its root is right; the holder closes keyset and derivations. */
    record Valid(Generation generation, SealingKeyset keyset, KeysetDerivations derivations, Identity identity)
            implements Reading, AutoCloseable {
        @Override
        public void close() {
            derivations.close();
            keyset.close();
        }
    }

    /** It does not count. */
    record Invalid(GenerationProblem problem) implements Reading {}

    /**
     * Errors only where nothing can be said about the generation: the store cannot be asked ({@code StoreException},
     * transient), or a key cannot be had and no other identity opens it.
     */
    Mono<Reading> read(int number) {
        return parsed(number)
                .<Reading>flatMap(this::open)
                .onErrorResume(Refused.class, refused -> Mono.just(new Invalid(refused.problem)));
    }

    /** The generation's text, unopened; errors as {@link #read} has, {@link Refused} for what is none of this cluster's. */
    Mono<Generation> parsed(int number) {
        return bytes(number).map(text -> parse(number, text));
    }

    private Mono<ByteBuffer> bytes(int number) {
        return SmallObject.read(store, ObjectNames.generation(number), MAX_BYTES)
                .onErrorMap(IntegrityFailed.class, long_ -> refuse(number, Kind.DAMAGED, message(long_)))
                .onErrorMap(
                        StoreException.class,
                        failure -> isAboutThisObject(failure)
                                ? refuse(number, Kind.NOT_READABLE, message(failure))
                                : failure);
    }

    private static boolean isAboutThisObject(StoreException failure) {
        return switch (failure.kind()) {
            case MISSING, REFUSED, INTEGRITY, UNSUITABLE, INVALID_NAME -> true;
            case UNAVAILABLE, FULL -> false;
        };
    }

    private Generation parse(int number, ByteBuffer text) {
        Generation generation;
        try {
            byte[] bytes = new byte[text.remaining()];
            text.get(bytes);
            generation = Generation.parse(bytes);
        } catch (CryptoException | IllegalArgumentException malformed) {
            throw refuse(number, Kind.DAMAGED, message(malformed));
        }
        if (!generation.cluster().equals(marker.cluster())) {
            throw refuse(
                    number,
                    Kind.OTHER_CLUSTER,
                    "it is of cluster " + generation.cluster() + ", this repository is of " + marker.cluster());
        }
        if (generation.number() != number) {
            throw refuse(number, Kind.DAMAGED, "it says that it is generation " + generation.number());
        }
        return generation;
    }

    private Mono<Valid> open(Generation generation) {
        List<Throwable> failures = new ArrayList<>();
        return Flux.fromIterable(identities)
                .concatMap(
                        identity -> identity.open(generation)
                                .map(keyset -> checked(generation, keyset, identity))
                                .onErrorResume(failure -> {
                                    failures.add(failure);
                                    return Mono.empty();
                                }),
                        1)
                .next()
                .switchIfEmpty(Mono.defer(() -> Mono.error(verdict(generation.number(), failures))));
    }

    private Valid checked(Generation generation, SealingKeyset keyset, Identity identity) {
        KeysetDerivations derivations = keyset.derive(marker.cluster());
        try {
            if (root instanceof RootExpectation.Exactly exactly) {
                derivations.requireRoot(exactly.hex());
            } else if (root instanceof RootExpectation.NotConfigured && identity.proof() == Identity.Proof.NONE) {
                throw refuse(
                        generation.number(),
                        Kind.ROOT_NOT_KNOWN,
                        "it opens with the " + identity.description()
                                + ", for which anybody could have made it, and no "
                                + "root is configured to hold it against");
            }
            return new Valid(generation, keyset, derivations, identity);
        } catch (RuntimeException refused) {
            derivations.close();
            keyset.close();
            throw refused;
        }
    }

    /** The one failure to report of all identities': what cannot be had, before what does not fit. */
    private static Throwable verdict(int number, List<Throwable> failures) {
        if (failures.isEmpty()) {
            return refuse(number, Kind.NOT_A_RECIPIENT, "none of its recipients is a key that is configured here");
        }
        for (Throwable failure : failures) {
            if (!(failure instanceof CryptoException) && !(failure instanceof Refused)) {
                return failure;
            }
        }
        for (Throwable failure : failures) {
            if (!(failure instanceof KeyMismatch)) {
                return failure instanceof Refused
                        ? failure
                        : refuse(
                                number,
                                failure instanceof RootMismatch ? Kind.OTHER_ROOT : Kind.DAMAGED,
                                message(failure));
            }
        }
        return refuse(number, Kind.OTHER_KEY, message(failures.get(0)));
    }

    private static Refused refuse(int number, Kind kind, String what) {
        return new Refused(new GenerationProblem(number, kind, what));
    }

    private static String message(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    /** Carries a problem through a chain; leaves this package only as a problem. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        final transient GenerationProblem problem;

        Refused(GenerationProblem problem) {
            super(problem.toString(), null);
            this.problem = problem;
        }
    }
}
