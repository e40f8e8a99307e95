package io.tidemark.crypto.keyset;

/**
 * A key that a KMIP server or Vault keeps. Parsed and kept; opened by whoever can fetch the key (how {@code aes-gcm}) or
 * ask the server (how {@code kmip-encrypt}).
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
}
