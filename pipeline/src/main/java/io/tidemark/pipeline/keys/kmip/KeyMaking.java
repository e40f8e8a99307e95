package io.tidemark.pipeline.keys.kmip;

import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.attribute.Attribute;
import io.tidemark.kmip.message.attribute.Attributes;
import io.tidemark.kmip.message.attribute.CryptographicAlgorithm;
import io.tidemark.kmip.message.attribute.State;
import io.tidemark.kmip.message.attribute.UsageMask;
import io.tidemark.kmip.message.operation.Activate;
import io.tidemark.kmip.message.operation.Create;
import io.tidemark.kmip.message.operation.Destroy;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.KeysFailed.Reason;
import io.tidemark.pipeline.keys.provider.KeyCreator.Outcome;
import io.tidemark.pipeline.keys.provider.KeyReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A key of Tidemark's own, made and activated. No server refuses a second key of one name, so it is looked for before and
 * after: whoever finds that he was not alone destroys what he made, which nobody has used yet, and looks again. Two who
 * make one at the same moment may thus both destroy theirs and try again, but never both keep one.
 */
final class KeyMaking {
    private static final int BITS = 256;
    private static final UsageMask ENCRYPT_AND_DECRYPT = UsageMask.ENCRYPT.and(UsageMask.DECRYPT);
    private static final int MOST_ATTEMPTS = 4;

    private final KmipServer server;
    private final KeySearch search;
    private final KeyReading reading;

    KeyMaking(KmipServer server, KeySearch search, KeyReading reading) {
        this.server = server;
        this.search = search;
        this.reading = reading;
    }

    /** Fails with {@code KmipException} and {@link KeysFailed}; a server that does not answer has not said that there is none. */
    Mono<Outcome> create(KeyReference reference) {
        return attempt(reference, 1);
    }

    private Mono<Outcome> attempt(KeyReference reference, int attempt) {
        if (attempt > MOST_ATTEMPTS) {
            return Mono.error(() -> new KeysFailed(
                    Reason.AMBIGUOUS,
                    "others make " + reference.described() + " at this moment",
                    "nothing of ours was left there; run the command again when they are done",
                    null));
        }
        return search.located(reference).flatMap(ids -> switch (ids.size()) {
            case 0 -> made(reference).flatMap(id -> alone(id, reference, attempt));
            case 1 -> ready(ids.get(0), reference).thenReturn(Outcome.PRESENT);
            default -> several(ids, reference);
        });
    }

    private Mono<UniqueIdentifier> made(KeyReference reference) {
        return server.ask(new Create(Attributes.of(
                Attribute.algorithm(CryptographicAlgorithm.AES),
                Attribute.lengthBits(BITS),
                Attribute.usage(ENCRYPT_AND_DECRYPT),
                // as it is looked for
                Attribute.pgTdeName(String.valueOf(reference.key())))));
    }

    private Mono<Outcome> alone(UniqueIdentifier own, KeyReference reference, int attempt) {
        return search.located(reference).flatMap(ids -> {
            if (ids.equals(List.of(own))) {
                return activated(own).thenReturn(Outcome.MADE);
            }
            return server.ask(new Destroy(own)).then(Mono.defer(() -> attempt(reference, attempt + 1)));
        });
    }

    /** One that was made by somebody; by us, if we were ended before it was active. */
    private Mono<Void> ready(UniqueIdentifier id, KeyReference reference) {
        return reading.state(id).flatMap(state -> {
            KeysFailed unfit = unfit(state, KeyReading.identified(reference.key(), id));
            if (unfit != null) {
                return Mono.error(unfit);
            }
            return state.equals(Optional.of(State.PRE_ACTIVE)) ? activated(id) : Mono.empty();
        });
    }

    private static @Nullable KeysFailed unfit(Optional<State> state, KeyReference which) {
        if (state.isEmpty()) {
            return null;
        }
        return switch (state.get()) {
            case PRE_ACTIVE, ACTIVE -> null;
            case DEACTIVATED, COMPROMISED ->
                new KeysFailed(
                        Reason.STATE,
                        which.described() + " is there and is " + StateWords.of(state.get())
                                + ": nothing new is encrypted under it, and a second one of its name would be in its way",
                        "name another key in keys.recipients",
                        null);
            case DESTROYED, DESTROYED_COMPROMISED -> Refusals.lost(which, null);
        };
    }

    /** Somebody else may have done it since we looked. */
    private Mono<Void> activated(UniqueIdentifier id) {
        return server.ask(new Activate(id))
                .then()
                .onErrorResume(
                        KmipException.class,
                        refused -> refused.isTransient()
                                ? Mono.error(refused)
                                : reading.state(id)
                                        .flatMap(state -> state.equals(Optional.of(State.ACTIVE))
                                                ? Mono.empty()
                                                : Mono.error(refused)));
    }

    private Mono<Outcome> several(List<UniqueIdentifier> ids, KeyReference reference) {
        return Flux.fromIterable(ids)
                .concatMap(
                        id -> reading.state(id)
                                .map(state ->
                                        id + " (" + state.map(StateWords::of).orElse("state not told") + ")"),
                        1)
                .collect(ArrayList<String>::new, ArrayList::add)
                .flatMap(found -> Mono.error(new KeysFailed(
                        Reason.AMBIGUOUS,
                        found.size() + " keys have the name \"" + reference.key() + "\": " + String.join(", ", found),
                        "an interrupted run may have left one that was never used. Name another key in keys.recipients, or rename all"
                                + " but the one that generations name: `tidemark keys status` shows its identifier",
                        null)));
    }
}
