package io.tidemark.crypto.keyset;

import java.util.Locale;

/** What a recipient's key is; the words of the file. */
public enum RecipientKind {
    KMIP,
    VAULT,
    FILE,
    RECOVERY;

    /** The word in the file. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
