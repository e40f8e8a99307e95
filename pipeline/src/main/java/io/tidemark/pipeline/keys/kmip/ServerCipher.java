package io.tidemark.pipeline.keys.kmip;

import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.keyset.ProviderKey;
import io.tidemark.kmip.KeyMaterial;
import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.Bytes;
import io.tidemark.kmip.message.attribute.AttributeName;
import io.tidemark.kmip.message.attribute.Attributes;
import io.tidemark.kmip.message.attribute.GetAttributes;
import io.tidemark.kmip.message.attribute.State;
import io.tidemark.kmip.message.attribute.UsageMask;
import io.tidemark.kmip.message.operation.Decrypt;
import io.tidemark.kmip.message.operation.Encrypt;
import io.tidemark.kmip.ttlv.Tag;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.KeysFailed.Reason;
import io.tidemark.pipeline.keys.provider.KeyReference;
import io.tidemark.pipeline.keys.provider.KeyWrapper.Wrapped;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import reactor.core.publisher.Mono;

/** AES-GCM with a key that stays where it is. What is closed is IV (12) ‖ ciphertext ‖ tag (16), as FORMAT.md section 4 has it. */
final class ServerCipher {
    private static final int IV_BYTES = 12;
    private static final int TAG_BYTES = 16;
    /** What servers say of a tag that does not verify: Cosmian the first, PyKMIP the second. */
    private static final List<Integer> WRONG_TAG = List.of(0x0A, 0x100);

    private static final List<AttributeName> STATE_AND_USE =
            List.of(AttributeName.of(Tag.STATE), AttributeName.of(Tag.CRYPTOGRAPHIC_USAGE_MASK));

    private final KmipServer server;
    private final KeySearch search;
    private final SecureRandom random;

    ServerCipher(KmipServer server, KeySearch search, SecureRandom random) {
        this.server = server;
        this.search = search;
        this.random = random;
    }

    /** @param secret lent until the end */
    Mono<Wrapped> wrap(KeyReference reference, SecretBytes secret, byte[] associatedData) {
        return one(reference)
                .flatMap(id -> requireFit(id, reference)
                        .then(Mono.defer(() -> sealed(id, secret, associatedData)))
                        .map(bytes -> new Wrapped(
                                new ProviderKey(
                                        server.settings().name(), String.valueOf(reference.key()), id.value(), null),
                                bytes)));
    }

    /** The only one; there is no check value to tell several apart by. */
    private Mono<UniqueIdentifier> one(KeyReference reference) {
        String id = reference.uniqueIdentifier();
        if (id != null) {
            return Mono.fromCallable(() -> KeySearch.identifier(id));
        }
        return search.located(reference).flatMap(ids -> switch (ids.size()) {
            case 0 -> search.none(reference);
            case 1 -> Mono.just(ids.get(0));
            default ->
                Mono.error(new KeysFailed(
                        Reason.AMBIGUOUS,
                        ids.size() + " keys have the name \"" + reference.key() + "\": " + ids,
                        "rename all but the one that is meant",
                        null));
        });
    }

    /** Asked before: servers say of a key that is not active, or not to encrypt with, that it is denied or not there. */
    private Mono<Void> requireFit(UniqueIdentifier id, KeyReference reference) {
        return server.ask(new GetAttributes(id, STATE_AND_USE))
                .doOnNext(attributes -> requireFit(attributes, KeyReading.identified(reference.key(), id)))
                .then();
    }

    private static void requireFit(Attributes attributes, KeyReference which) {
        State state = attributes.state().orElse(State.ACTIVE);
        switch (state) {
            case ACTIVE -> {}
            case PRE_ACTIVE ->
                throw new KeysFailed(
                        Reason.STATE,
                        which.described() + " is not active yet",
                        "a server encrypts with active keys only: activate it, which --create-keys does",
                        null);
            case DEACTIVATED, COMPROMISED ->
                throw new KeysFailed(
                        Reason.STATE,
                        which.described() + " is " + StateWords.of(state) + ": nothing new is encrypted under it",
                        "what it has closed it still opens; name another key in keys.recipients",
                        null);
            case DESTROYED, DESTROYED_COMPROMISED -> throw Refusals.lost(which, null);
        }
        UsageMask usage = attributes.usage().orElse(UsageMask.ENCRYPT.and(UsageMask.DECRYPT));
        if (!usage.allows(UsageMask.ENCRYPT.and(UsageMask.DECRYPT))) {
            throw new KeysFailed(
                    Reason.DENIED,
                    which.described() + " may be used for " + usage + " only, not to encrypt and to decrypt",
                    "its Cryptographic Usage Mask has to have Encrypt and Decrypt",
                    null);
        }
    }

    private Mono<byte[]> sealed(UniqueIdentifier id, SecretBytes secret, byte[] associatedData) {
        byte[] iv = new byte[IV_BYTES];
        random.nextBytes(iv);
        return Mono.using(
                () -> material(secret),
                plaintext -> server.ask(new Encrypt(id, plaintext, Bytes.of(iv), Bytes.of(associatedData)))
                        .map(answer -> joined(
                                iv, answer.ciphertext().toArray(), answer.tag().toArray())),
                KeyMaterial::close);
    }

    private static KeyMaterial material(SecretBytes secret) {
        byte[] raw = secret.copy(KeyAccess.insecure());
        try {
            return KeyMaterial.copyOf(raw);
        } finally {
            Arrays.fill(raw, (byte) 0);
        }
    }

    private static byte[] joined(byte[] iv, byte[] ciphertext, byte[] tag) {
        byte[] joined = Arrays.copyOf(iv, IV_BYTES + ciphertext.length + TAG_BYTES);
        System.arraycopy(ciphertext, 0, joined, IV_BYTES, ciphertext.length);
        System.arraycopy(tag, 0, joined, IV_BYTES + ciphertext.length, TAG_BYTES);
        return joined;
    }

    /** The secret, given. Where the object is not what it was, each of its name is tried: the tag is the proof. */
    Mono<SecretBytes> unwrap(KeyReference reference, byte[] wrapped, byte[] associatedData) {
        if (wrapped.length < IV_BYTES + TAG_BYTES) {
            return Mono.error(() ->
                    new KeysFailed(Reason.WRONG, wrapped.length + " bytes are no IV, ciphertext and tag", null, null));
        }
        String id = reference.uniqueIdentifier();
        if (id == null) {
            return byName(reference, wrapped, associatedData);
        }
        Mono<SecretBytes> asked =
                Mono.defer(() -> opened(KeySearch.identifier(id), reference, wrapped, associatedData));
        return reference.key() == null
                ? asked
                : asked.onErrorResume(
                        KeySearch::isAboutThisObject,
                        there -> byName(KeyReference.named(reference.key()), wrapped, associatedData)
                                .onErrorMap(failure -> KeySearch.isAboutThisObject(failure) ? there : failure));
    }

    private Mono<SecretBytes> byName(KeyReference reference, byte[] wrapped, byte[] associatedData) {
        return search.located(reference)
                .flatMap(ids -> ids.isEmpty() ? search.none(reference) : any(ids, reference, wrapped, associatedData));
    }

    private Mono<SecretBytes> any(
            List<UniqueIdentifier> ids, KeyReference reference, byte[] wrapped, byte[] associatedData) {
        Mono<SecretBytes> first = opened(ids.get(0), reference, wrapped, associatedData);
        return ids.size() == 1
                ? first
                : first.onErrorResume(
                        KeySearch::isAboutThisObject,
                        other -> any(ids.subList(1, ids.size()), reference, wrapped, associatedData));
    }

    private Mono<SecretBytes> opened(
            UniqueIdentifier id, KeyReference reference, byte[] wrapped, byte[] associatedData) {
        int end = wrapped.length - TAG_BYTES;
        Decrypt decrypt = new Decrypt(
                id,
                Bytes.of(Arrays.copyOfRange(wrapped, IV_BYTES, end)),
                Bytes.of(Arrays.copyOf(wrapped, IV_BYTES)),
                Bytes.of(associatedData),
                Bytes.of(Arrays.copyOfRange(wrapped, end, wrapped.length)));
        KeyReference which = KeyReading.identified(reference.key(), id);
        return server.ask(decrypt)
                .map(ServerCipher::secret)
                .onErrorMap(
                        KmipException.class,
                        failure -> WRONG_TAG.contains(Refusals.reason(failure)) ? wrongTag(which, failure) : failure)
                .onErrorResume(
                        failure -> KeyReading.isOf(failure, KmipException.Kind.NOT_PERMITTED),
                        denied -> explained(id, which, (KmipException) denied));
    }

    private static KeysFailed wrongTag(KeyReference which, KmipException failure) {
        return new KeysFailed(
                Reason.WRONG,
                "what is to be decrypted does not verify with " + which.described() + ": " + Refusals.said(failure),
                "it was encrypted with another key, or it was changed",
                failure);
    }

    /** Servers say of a key whose state forbids it that it is denied. */
    private Mono<SecretBytes> explained(UniqueIdentifier id, KeyReference which, KmipException denied) {
        return server.ask(new GetAttributes(id, STATE_AND_USE))
                .onErrorResume(failure -> Mono.just(Attributes.NONE))
                .flatMap(attributes -> {
                    State state = attributes.state().orElse(State.ACTIVE);
                    return switch (state) {
                        case ACTIVE -> Mono.<SecretBytes>error(denied);
                        case PRE_ACTIVE, DEACTIVATED, COMPROMISED ->
                            Mono.error(new KeysFailed(
                                    Reason.STATE,
                                    which.described() + " does not decrypt in the state " + StateWords.of(state) + ": "
                                            + Refusals.said(denied),
                                    "what it has closed opens by another recipient, or by the recovery key",
                                    denied));
                        case DESTROYED, DESTROYED_COMPROMISED -> Mono.error(Refusals.lost(which, denied));
                    };
                });
    }

    private static SecretBytes secret(KeyMaterial plaintext) {
        byte[] raw = plaintext.insecureCopy();
        try (plaintext) {
            return SecretBytes.copyOf(raw);
        } finally {
            Arrays.fill(raw, (byte) 0);
        }
    }
}
