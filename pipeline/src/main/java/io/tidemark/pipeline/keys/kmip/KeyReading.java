package io.tidemark.pipeline.keys.kmip;

import io.tidemark.crypto.SecretBytes;
import io.tidemark.kmip.KeyMaterial;
import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.attribute.Attribute;
import io.tidemark.kmip.message.attribute.AttributeName;
import io.tidemark.kmip.message.attribute.Attributes;
import io.tidemark.kmip.message.attribute.CryptographicAlgorithm;
import io.tidemark.kmip.message.attribute.GetAttributes;
import io.tidemark.kmip.message.attribute.ObjectType;
import io.tidemark.kmip.message.attribute.State;
import io.tidemark.kmip.message.key.ManagedObject;
import io.tidemark.kmip.message.operation.Export;
import io.tidemark.kmip.message.operation.Get;
import io.tidemark.kmip.ttlv.Tag;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.KeysFailed.Reason;
import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.keys.provider.FetchedKey;
import io.tidemark.pipeline.keys.provider.KeyReference;
import io.tidemark.pipeline.keys.provider.KeyState;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** One key by its identifier, in whatever state it is. */
final class KeyReading {
    private static final List<AttributeName> STATE_AND_NAME =
            List.of(AttributeName.of(Tag.STATE), AttributeName.of(Tag.NAME));

    private final KmipServer server;
    private final EventLog events;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    KeyReading(KmipServer server, EventLog events) {
        this.server = server;
        this.events = events;
    }

    /**
     * The key, given. Fails with {@code KmipException} and {@link KeysFailed}.
     *
     * @param reference what led to this object: where that was the name, it must have it
     */
    Mono<FetchedKey> read(UniqueIdentifier id, KeyReference reference) {
        return Mono.usingWhen(
                        server.ask(Get.of(id)),
                        object -> described(id, object.key().attributes())
                                .map(attributes -> key(object, id, reference, attributes)),
                        object -> Mono.fromRunnable(object::close))
                .onErrorResume(
                        failure -> isOf(failure, KmipException.Kind.WRONG_LIFECYCLE_STATE),
                        refused -> inSpiteOfItsState(id, reference, (KmipException) refused));
    }

    /** Cosmian sends them along with the key; others are asked. */
    private Mono<Attributes> described(UniqueIdentifier id, Attributes sent) {
        return sent.state().isPresent() ? Mono.just(sent) : attributes(id);
    }

    /** Those that say in which state it is and what it is called; none where the server does not tell. */
    private Mono<Attributes> attributes(UniqueIdentifier id) {
        return server.ask(new GetAttributes(id, STATE_AND_NAME))
                .onErrorResume(
                        failure -> isOf(failure, KmipException.Kind.NOT_PERMITTED)
                                || isOf(failure, KmipException.Kind.SERVER_REFUSED),
                        silent -> Mono.just(Attributes.NONE));
    }

    /** Empty where the server does not tell. */
    Mono<Optional<State>> state(UniqueIdentifier id) {
        return attributes(id).map(Attributes::state);
    }

    /** Cosmian refuses the Get of a deactivated key to everybody, and gives it by Export to who speaks 2.x. */
    private Mono<FetchedKey> inSpiteOfItsState(UniqueIdentifier id, KeyReference reference, KmipException refused) {
        return attributes(id).flatMap(attributes -> {
            requireNotDestroyed(attributes, id);
            return Mono.usingWhen(
                            server.ask(new Export(id, null), ProtocolVersion.V2_1),
                            answer -> Mono.fromCallable(() -> key(answer.object(), id, reference, attributes)),
                            answer -> Mono.fromRunnable(answer::close))
                    .onErrorMap(KmipException.class, failure -> failure.isTransient() ? failure : refused);
        });
    }

    private static void requireNotDestroyed(Attributes attributes, UniqueIdentifier id) {
        if (attributes.state().filter(StateWords::isDestroyed).isPresent()) {
            throw Refusals.lost(identified(null, id), null);
        }
    }

    private static KeyState state(Attributes attributes) {
        Optional<State> state = attributes.state();
        if (state.isEmpty()) {
            return KeyState.NOT_KEPT;
        }
        return switch (state.get()) {
            case PRE_ACTIVE -> KeyState.PRE_ACTIVE;
            case ACTIVE -> KeyState.ACTIVE;
            case DEACTIVATED -> KeyState.DEACTIVATED;
            case COMPROMISED -> KeyState.COMPROMISED;
            case DESTROYED, DESTROYED_COMPROMISED ->
                throw new IllegalStateException("a destroyed key was not refused before");
        };
    }

    /** Cosmian before 5.22 passed over the name that it was to look for, and gave any key. */
    private static void requireName(Attributes attributes, KeyReference reference, KeyReference which) {
        String name = reference.key();
        if (name == null || reference.uniqueIdentifier() != null) {
            return;
        }
        List<String> found = attributes.names();
        if (!found.isEmpty() && !found.contains(Attribute.pgTdeNameAsRead(name))) {
            throw new KeysFailed(
                    Reason.WRONG,
                    which.described() + " was found by that name, and is called "
                            + KmipException.quoted(String.join("\", \"", found)),
                    "the server does not look for names as it should: is there a newer release of it?",
                    null);
        }
    }

    private FetchedKey key(ManagedObject object, UniqueIdentifier id, KeyReference reference, Attributes attributes) {
        KeyReference which = identified(reference.key(), id);
        requireNotDestroyed(attributes, id);
        requireName(attributes, reference, which);
        KeyState state = state(attributes);
        KeyMaterial material = object.key().material();
        CryptographicAlgorithm algorithm = object.key().algorithm();
        if (object.type() != ObjectType.SYMMETRIC_KEY
                || algorithm != null && !algorithm.equals(CryptographicAlgorithm.AES)) {
            throw new KeysFailed(Reason.WRONG, which.described() + " is no AES key", null, null);
        }
        if (material.length() != 16 && material.length() != 32) {
            throw new KeysFailed(
                    Reason.WRONG,
                    which.described() + " has " + material.length() + " bytes, where 16 or 32 are possible",
                    null,
                    null);
        }
        warn(which, state);
        byte[] raw = material.insecureCopy();
        try {
            return new FetchedKey(SecretBytes.copyOf(raw), reference.key(), id.value(), state);
        } finally {
            Arrays.fill(raw, (byte) 0);
        }
    }

    /** Once for each key and state. */
    private void warn(KeyReference which, KeyState state) {
        boolean worth = state == KeyState.COMPROMISED || state == KeyState.DEACTIVATED;
        if (worth && told.add(state + " " + which.uniqueIdentifier())) {
            KmipKeyEvent kind = state == KeyState.COMPROMISED ? KmipKeyEvent.KEY_COMPROMISED : KmipKeyEvent.KEY_RETIRED;
            events.report(
                    Event.of(kind).with("provider", server.settings().name()).with("key", which.described()));
        }
    }

    static KeyReference identified(@Nullable String name, UniqueIdentifier id) {
        return new KeyReference(name, id.value(), null);
    }

    static boolean isOf(Throwable failure, KmipException.Kind kind) {
        return failure instanceof KmipException kmip && kmip.kind() == kind;
    }
}
