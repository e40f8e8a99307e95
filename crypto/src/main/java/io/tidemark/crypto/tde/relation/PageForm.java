package io.tidemark.crypto.tde.relation;

/** How a page lies in the file of an encrypted relation. pg_tde tells by its first 32 bytes, which are hardly ever all zero in ciphertext. */
public enum PageForm {
    ENCRYPTED,
    /** All zeros and not encrypted: the server made the file longer. A page of zeros may also lie there encrypted. */
    PLAIN_ZEROS,
    /** Begins with 32 zeros and is no page of zeros: pg_tde hands it out as it is. Nothing that pg_tde writes. */
    PLAIN_AFTER_ZEROS
}
