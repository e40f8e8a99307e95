package io.tidemark.crypto.keyset;

import io.tidemark.crypto.KeyMismatch;
import io.tidemark.crypto.SecretBytes;
import java.security.SecureRandom;

/**
 * A key that a KMIP server or Vault keeps. Opened by whoever can fetch the key ({@code aes-gcm}), or have the server
 * decrypt ({@code kmip-encrypt}).
 *
 * @param kind {@link RecipientKind#KMIP} or {@link RecipientKind#VAULT}
 * @param name its name in the configuration
 * @param key which key it is
 * @param how {@link Wrapping#AES_GCM} or, for KMIP, {@link Wrapping#KMIP_ENCRYPT}
 * @param ciphertext base64 of IV (12) ‖ ciphertext ‖ tag (16)
 */
public record ProviderRecipient(RecipientKind kind, String name, ProviderKey key, Wrapping how, String ciphertext)
        implements Recipient {
    public ProviderRecipient {
        boolean possible = switch (kind) {
            case KMIP -> how == Wrapping.AES_GCM || how == Wrapping.KMIP_ENCRYPT;
            case VAULT -> how == Wrapping.AES_GCM;
            case FILE, RECOVERY -> false;
        };
        if (!possible) {
            throw new IllegalArgumentException("no provider's recipient: " + kind.word() + " with " + how.word());
        }
        Base64Text.require(ciphertext, AesGcmWrap.OVERHEAD_BYTES);
    }

    /**
     * Encrypts the keyset under a fetched key, both lent; the IV comes from {@code random}.
     *
     * @param key which key it is; its check value is the one of {@code fetched}
     */
    public static ProviderRecipient wrap(
            RecipientKind kind,
            String name,
            ProviderKey key,
            SecretBytes fetched,
            SealingKeyset keyset,
            KeysetContext context,
            SecureRandom random) {
        return new ProviderRecipient(
                kind,
                name,
                new ProviderKey(key.provider(), key.name(), key.id(), CheckValue.of(fetched)),
                Wrapping.AES_GCM,
                Base64Text.encode(AesGcmWrap.wrap(fetched, keyset.json(), context.associatedData(), random)));
    }

    /**
     * A keyset that the KMS has encrypted, with the associated data of its context.
     *
     * @param wrapped IV (12) ‖ ciphertext ‖ tag (16)
     */
    public static ProviderRecipient wrappedByServer(String name, ProviderKey key, byte[] wrapped) {
        return new ProviderRecipient(RecipientKind.KMIP, name, key, Wrapping.KMIP_ENCRYPT, Base64Text.encode(wrapped));
    }

    /** What a KMS is given to decrypt: IV (12) ‖ ciphertext ‖ tag (16), a fresh array. */
    public byte[] wrapped() {
        return Base64Text.decode(ciphertext);
    }

    /**
     * Opens the keyset, which the caller then owns; {@code aes-gcm} only.
     *
     * @param fetched the key, lent
     * @throws KeyMismatch where it is not the key of this recipient, or not of this generation
     * @throws io.tidemark.crypto.MalformedKeyset where it opens to another keyset than the generation commits to
     */
    public SealingKeyset unwrap(SecretBytes fetched, KeysetContext context) {
        if (how != Wrapping.AES_GCM) {
            throw new IllegalStateException("a recipient of " + how.word() + " has no key to be fetched");
        }
        try (SecretBytes json = AesGcmWrap.unwrap(
                fetched, wrapped(), context.associatedData(), cause -> mismatch(fetched, context, cause))) {
            return context.open(json);
        }
    }

    private KeyMismatch mismatch(SecretBytes fetched, KeysetContext context, Exception cause) {
        CheckValue found = CheckValue.of(fetched);
        String hint = found.equals(key.check())
                ? "the key is the right one by its check value: the generation is damaged or was moved"
                : "the key has check value " + found + ", the recipient's has " + key.check();
        return new KeyMismatch(
                "generation " + context.generation() + " of cluster " + context.cluster() + " does not open for "
                        + kind.word() + " recipient '" + name + "'. HINT: " + hint,
                cause);
    }
}
