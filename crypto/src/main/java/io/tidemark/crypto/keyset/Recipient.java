package io.tidemark.crypto.keyset;

/**
 * One who can open a generation's keyset. Which kind it is decides how; all hold the same keyset.
 *
 * <p>Source: docs/FORMAT.md section 4.
 */
public sealed interface Recipient permits FileRecipient, RecoveryRecipient, ProviderRecipient {
    /** The recipient's name in the configuration; for people. */
    String name();

    RecipientKind kind();

    /** How the ciphertext was made. */
    Wrapping how();

    /** The wrapped keyset, in base64 as it stands in the file. */
    String ciphertext();
}
