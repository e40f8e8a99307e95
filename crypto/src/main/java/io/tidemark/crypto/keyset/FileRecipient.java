package io.tidemark.crypto.keyset;

import io.tidemark.crypto.KeyMismatch;
import io.tidemark.crypto.SecretBytes;
import java.security.SecureRandom;

/**
 * A key that lies in a file of 32 bytes. Opens without BouncyCastle, as every process that archives does it.
 *
 * @param name its name in the configuration
 * @param check the key's check value, to tell people which file
 * @param ciphertext base64 of IV (12) ‖ ciphertext ‖ tag (16)
 */
public record FileRecipient(String name, CheckValue check, String ciphertext) implements Recipient {
    public FileRecipient {
        Base64Text.require(ciphertext, AesGcmWrap.OVERHEAD_BYTES);
    }

    /** Encrypts the keyset under the key, both lent; the IV comes from {@code random}. */
    public static FileRecipient wrap(
            String name, SecretBytes key, SealingKeyset keyset, KeysetContext context, SecureRandom random) {
        return new FileRecipient(
                name,
                CheckValue.of(key),
                Base64Text.encode(AesGcmWrap.wrap(key, keyset.json(), context.associatedData(), random)));
    }

    /**
     * Opens the keyset, which the caller then owns.
     *
     * @param key the file's key, lent
     * @throws KeyMismatch where it is not the key of this recipient, or not of this generation
     * @throws io.tidemark.crypto.MalformedKeyset where it opens to another keyset than the generation commits to
     */
    public SealingKeyset unwrap(SecretBytes key, KeysetContext context) {
        try (SecretBytes json = AesGcmWrap.unwrap(
                key, Base64Text.decode(ciphertext), context.associatedData(), cause -> mismatch(key, context, cause))) {
            return context.open(json);
        }
    }

    @Override
    public RecipientKind kind() {
        return RecipientKind.FILE;
    }

    @Override
    public Wrapping how() {
        return Wrapping.AES_GCM;
    }

    private KeyMismatch mismatch(SecretBytes key, KeysetContext context, Exception cause) {
        CheckValue found = CheckValue.of(key);
        String hint = found.equals(check)
                ? "the key is the right one by its check value: the generation is damaged or was moved"
                : "the key has check value " + found + ", the recipient's has " + check;
        return new KeyMismatch(
                "generation " + context.generation() + " of cluster " + context.cluster()
                        + " does not open for file recipient '" + name + "'. HINT: " + hint,
                cause);
    }
}
