package io.tidemark.pipeline.care.kmip;

import io.tidemark.crypto.keyset.CheckValue;
import io.tidemark.kmip.KeyMaterial;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.attribute.ObjectType;
import io.tidemark.kmip.message.key.KeyBlock;
import io.tidemark.kmip.message.key.ManagedObject;
import io.tidemark.kmip.message.operation.Export;
import io.tidemark.kmip.message.operation.Get;
import io.tidemark.pipeline.care.kmip.KeyLookup.Choice;
import io.tidemark.pipeline.care.kmip.KeyLookup.Entry;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** A key, fetched to be shown: what it is and its check value, and its bytes only in a file that was asked for. */
public final class KeyFetch {
    private final KmipService service;
    private final KeyLookup lookup;
    private final Scheduler files;

    public KeyFetch(KmipService service, KeyLookup lookup, Scheduler files) {
        this.service = service;
        this.lookup = lookup;
        this.files = files;
    }

    /** By which operation. */
    public enum How {
        GET,
        /** KMIP 2.1: gives out a deactivated key too, where Get does not. */
        EXPORT
    }

    /**
     * What may be shown.
     *
     * @param bytes of the key
     * @param checkValue null where it is no key of AES with 16 or 32 bytes
     * @param revealed where the bytes are now; null where nobody asked for them
     */
    public record Shown(
            Entry entry,
            int bytes,
            @Nullable CheckValue checkValue,
            @Nullable Path revealed) {}

    /** @param reveal absolute; null for no file */
    public Mono<Shown> fetch(Choice choice, How how, @Nullable Path reveal) {
        Mono<Void> free = reveal == null
                ? Mono.empty()
                : Mono.<Void>fromRunnable(() -> RevealedFile.requireFree(reveal))
                        .subscribeOn(files);
        return free.then(Mono.defer(() -> lookup.one(choice)))
                .flatMap(entry -> object(entry, how).flatMap(object -> shown(entry, object, reveal)));
    }

    private Mono<ManagedObject> object(Entry entry, How how) {
        return switch (how) {
            case GET -> service.ask(Get.of(entry.id()));
            case EXPORT ->
                service.ask(new Export(entry.id(), null), ProtocolVersion.V2_1).map(Export.Answer::object);
        };
    }

    /** Whoever is first, the work or a cancellation before it, has the object to close. */
    private Mono<Shown> shown(Entry entry, ManagedObject object, @Nullable Path reveal) {
        AtomicReference<@Nullable ManagedObject> held = new AtomicReference<>(object);
        return Mono.fromCallable(() -> {
                    ManagedObject taken = held.getAndSet(null);
                    return taken == null ? null : show(entry, taken, reveal);
                })
                .subscribeOn(files)
                .doOnCancel(() -> {
                    ManagedObject taken = held.getAndSet(null);
                    if (taken != null) {
                        taken.close();
                    }
                });
    }

    private static Shown show(Entry entry, ManagedObject object, @Nullable Path reveal) {
        try (object) {
            KeyBlock block = object.key();
            KeyMaterial material = block.material();
            byte[] key = material.insecureCopy();
            try {
                if (reveal != null) {
                    RevealedFile.write(reveal, key);
                }
                return new Shown(entry, key.length, checkValue(object, key), reveal);
            } finally {
                Arrays.fill(key, (byte) 0);
            }
        }
    }

    private static @Nullable CheckValue checkValue(ManagedObject object, byte[] key) {
        boolean aes = object.type() == ObjectType.SYMMETRIC_KEY && (key.length == 16 || key.length == 32);
        return aes ? CheckValue.of(key) : null;
    }
}
