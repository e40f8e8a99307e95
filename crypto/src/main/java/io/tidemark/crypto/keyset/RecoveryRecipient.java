package io.tidemark.crypto.keyset;

import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.KeyMismatch;
import io.tidemark.crypto.SecretBytes;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A public key whose private half lies in a safe. HPKE has no sender: whoever knows the public key can make one of
 * these, so a keyset that was opened by it must be held against the cluster's root
 * ({@link KeysetDerivations#requireRoot}) before it is used.
 *
 * @param name its name in the configuration
 * @param id the public key's id, 16 hex digits
 * @param ciphertext base64 of enc (32) ‖ ciphertext ‖ tag (16)
 */
public record RecoveryRecipient(String name, String id, String ciphertext) implements Recipient {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{16}");

    public RecoveryRecipient {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("no recovery key id of sixteen lower-case hex digits");
        }
        Base64Text.require(ciphertext, HpkeWrap.OVERHEAD_BYTES);
    }

    /** Encrypts the keyset, lent, to the public key; the ephemeral key is Tink's. */
    public static RecoveryRecipient wrap(
            String name, RecoveryPublicKey key, SealingKeyset keyset, KeysetContext context) {
        byte[] plain = keyset.json().copy(KeyAccess.insecure());
        try {
            return new RecoveryRecipient(
                    name, key.id(), Base64Text.encode(HpkeWrap.wrap(key, plain, context.associatedData())));
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    /**
     * Opens the keyset, which the caller then owns and holds against the root before it uses it.
     *
     * @param key the private half, lent
     * @throws KeyMismatch where it is not the private half of this recipient's key, or the recipient not of this
     *     generation
     * @throws io.tidemark.crypto.MalformedKeyset where it opens to another keyset than the generation commits to
     */
    public SealingKeyset unwrap(RecoveryPrivateKey key, KeysetContext context) {
        byte[] plain;
        try {
            plain = HpkeWrap.unwrap(key, Base64Text.decode(ciphertext), context.associatedData());
        } catch (GeneralSecurityException e) {
            throw new KeyMismatch(
                    "generation " + context.generation() + " of cluster " + context.cluster()
                            + " does not open for recovery key " + id + " with private key "
                            + key.publicKey().id(),
                    e);
        }
        try (SecretBytes json = SecretBytes.copyOf(plain)) {
            return context.open(json);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    @Override
    public RecipientKind kind() {
        return RecipientKind.RECOVERY;
    }

    @Override
    public Wrapping how() {
        return Wrapping.HPKE;
    }
}
