package io.tidemark.pipeline.care.kmip;

import io.tidemark.crypto.keyset.CheckValue;
import io.tidemark.kmip.KeyMaterial;
import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.message.attribute.Attribute;
import io.tidemark.kmip.message.attribute.UsageMask;
import io.tidemark.kmip.message.operation.Activate;
import io.tidemark.kmip.message.operation.Create;
import io.tidemark.kmip.message.operation.Register;
import io.tidemark.pipeline.care.kmip.KeyLookup.Entry;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.config.UsageError;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A new key at the server, to encrypt and decrypt with, as pg_tde makes its own. No server refuses a name that is taken, and two keys of a
 * name keep pg_tde from starting: so it is looked before, and once more after, for somebody may have done the same meanwhile.
 */
public final class KeyMaking {
    private static final UsageMask USAGE = UsageMask.ENCRYPT.and(UsageMask.DECRYPT);

    private final KmipService service;
    private final KeyLookup lookup;
    private final Scheduler files;

    public KeyMaking(KmipService service, KeyLookup lookup, Scheduler files) {
        this.service = service;
        this.lookup = lookup;
        this.files = files;
    }

    /** What becomes of the key at once. */
    public enum Then {
        /** As pg_tde leaves its keys: usable, and the server neither encrypts nor decrypts with it. */
        LEAVE,
        ACTIVATE
    }

    /** Whether it is done, or only said what would be. */
    public enum Mode {
        PLAN,
        RUN
    }

    /**
     * What was made, or would be.
     *
     * @param entry null for a plan
     * @param checkValue where the bytes passed through here
     * @param twins others of the same name that have appeared meanwhile
     */
    public record Made(
            String name,
            int bits,
            Then then,
            @Nullable Entry entry,
            @Nullable CheckValue checkValue,
            List<UniqueIdentifier> twins) {
        public Made {
            twins = List.copyOf(twins);
        }
    }

    /** The server draws the key, which never was anywhere else. */
    public Mono<Made> create(String name, int bits, Then then, Mode mode) {
        Made plan = new Made(name, bits, then, null, null, List.of());
        return requireNew(name).then(mode == Mode.PLAN ? Mono.just(plan) : made(plan, Create.aes(bits, USAGE, name)));
    }

    /** A key out of a file, of 16 or 32 bytes, or their hexadecimal digits. */
    public Mono<Made> register(String name, Path file, Then then, Mode mode) {
        requireUsable(name);
        return Mono.fromCallable(() -> GivenKey.read(file))
                .subscribeOn(files)
                .flatMap(key -> Mono.using(() -> key, lent -> register(name, lent, then, mode), KeyMaterial::close));
    }

    private Mono<Made> register(String name, KeyMaterial key, Then then, Mode mode) {
        Made plan = new Made(name, key.length() * 8, then, null, GivenKey.checkValue(key), List.of());
        return requireNew(name)
                .then(
                        mode == Mode.PLAN
                                ? Mono.just(plan)
                                : Mono.defer(() -> made(plan, Register.aes(key, USAGE, name))));
    }

    private static void requireUsable(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (name.isEmpty() || bytes > Attribute.PG_TDE_NAME_BYTES) {
            throw new UsageError("--name: expected 1 to " + Attribute.PG_TDE_NAME_BYTES
                    + " bytes, which is what pg_tde looks for, not " + bytes);
        }
    }

    private Mono<Void> requireNew(String name) {
        requireUsable(name);
        return lookup.ids(name)
                .flatMap(ids -> ids.isEmpty()
                        ? Mono.empty()
                        : Mono.error(new RefusedForSafety(
                                "there is a key named \"" + name + "\" already: " + ids.get(0)
                                        + (ids.size() == 1 ? "" : " and others"),
                                "of two keys with one name pg_tde uses neither; choose another name")));
    }

    private Mono<Made> made(Made plan, RequestPayload<UniqueIdentifier> making) {
        return service.ask(making)
                .onErrorMap(KeysFailed.class, failure -> inDoubt(plan, failure))
                .flatMap(id -> activated(plan, id)
                        .then(Mono.defer(() -> lookup.entry(id)))
                        .zipWith(Mono.defer(() -> lookup.ids(plan.name())))
                        .map(both -> new Made(
                                plan.name(),
                                plan.bits(),
                                plan.then(),
                                both.getT1(),
                                plan.checkValue(),
                                both.getT2().stream()
                                        .filter(other -> !other.equals(id))
                                        .toList()))
                        .onErrorMap(KeysFailed.class, failure -> halfDone(id, failure)));
    }

    private Mono<UniqueIdentifier> activated(Made plan, UniqueIdentifier id) {
        return switch (plan.then()) {
            case LEAVE -> Mono.just(id);
            case ACTIVATE -> service.ask(new Activate(id));
        };
    }

    private static KeysFailed inDoubt(Made plan, KeysFailed failure) {
        return failure.reason() != KeysFailed.Reason.UNREACHABLE
                ? failure
                : new KeysFailed(
                        failure.reason(),
                        failure.getMessage() + "; whether the key was made is not known",
                        "`tidemark kmip locate --name " + plan.name() + "` tells, before anything is tried again",
                        failure);
    }

    private static KeysFailed halfDone(UniqueIdentifier id, KeysFailed failure) {
        return new KeysFailed(
                failure.reason(),
                "the key was made, it is " + id + ", and then: " + failure.getMessage(),
                failure.hint().orElse(null),
                failure);
    }
}
