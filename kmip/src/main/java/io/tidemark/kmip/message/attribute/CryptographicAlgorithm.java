package io.tidemark.kmip.message.attribute;

import io.tidemark.kmip.ttlv.EnumerationNames;
import io.tidemark.kmip.ttlv.Tag;

/** What a key is for: a number, since servers have algorithms of their own. Source: KMIP 2.1, Cryptographic Algorithm Enumeration. */
public record CryptographicAlgorithm(int code) {
    public static final CryptographicAlgorithm AES = new CryptographicAlgorithm(3);

    /** {@code AES}, or the number. */
    @Override
    public String toString() {
        return EnumerationNames.printed(Tag.CRYPTOGRAPHIC_ALGORITHM, code);
    }
}
