package io.tidemark.pipeline.care.kmip;

import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.message.attribute.State;
import io.tidemark.kmip.message.operation.Activate;
import io.tidemark.kmip.message.operation.Destroy;
import io.tidemark.kmip.message.operation.Revoke;
import io.tidemark.pipeline.care.kmip.KeyLookup.Entry;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.KeysFailed.Reason;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A key goes on in its life: activated, revoked, destroyed. None of it can be taken back. */
public final class KeyChange {
    private final KmipService service;
    private final KeyLookup lookup;

    public KeyChange(KmipService service, KeyLookup lookup) {
        this.service = service;
        this.lookup = lookup;
    }

    /** @param after null where the server does not know it any more, as servers do with what is destroyed */
    public record Changed(Entry before, @Nullable Entry after) {}

    public Mono<Changed> activate(Entry key) {
        return changed(key, new Activate(key.id()));
    }

    /** @param message for the server's records; empty for none */
    public Mono<Changed> revoke(Entry key, Revoke.Reason reason, String message) {
        return changed(key, new Revoke(key.id(), reason, message, null));
    }

    public Mono<Changed> destroy(Entry key) {
        return changed(key, new Destroy(key.id()))
                .onErrorMap(
                        KeysFailed.class,
                        refused -> key.state() == State.ACTIVE && isRefusal(refused) ? active(refused) : refused);
    }

    private static boolean isRefusal(KeysFailed failure) {
        return failure.reason() == Reason.DENIED || failure.reason() == Reason.STATE;
    }

    /** Servers say that they do not permit it (PyKMIP), or that they deny it (Cosmian), and mean the state. */
    private static KeysFailed active(KeysFailed refused) {
        return new KeysFailed(
                Reason.STATE,
                refused.getMessage() + "; the key is active",
                "revoke the key first: `tidemark kmip revoke`, and mind what that means for who uses it",
                refused);
    }

    /** What was done is done; what it led to is asked of the server, for each has rules of its own. */
    private Mono<Changed> changed(Entry key, RequestPayload<UniqueIdentifier> change) {
        return service.ask(change).then(Mono.defer(() -> now(key)));
    }

    private Mono<Changed> now(Entry key) {
        return lookup.entry(key.id())
                .map(after -> new Changed(key, after))
                .onErrorResume(KeysFailed.class, failure -> switch (failure.reason()) {
                    case ABSENT, LOST -> Mono.just(new Changed(key, null));
                    default ->
                        Mono.error(new KeysFailed(
                                failure.reason(),
                                "the server has done it, and then: " + failure.getMessage(),
                                failure.hint().orElse(null),
                                failure));
                });
    }
}
