package io.tidemark.kmip.message.operation;

import io.tidemark.kmip.message.attribute.CryptographicAlgorithm;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;

/** AES-GCM as Encrypt and Decrypt use it here. All of it is always said: one server has defaults, another refuses what is missing. */
final class GcmParameters {
    /** Drawn anew by the client for every Encrypt: no server checks that it is. */
    static final int NONCE_BYTES = 12;

    static final int TAG_BYTES = 16;

    private static final int GCM = 9;

    private GcmParameters() {}

    static Structure item() {
        return Structure.of(Tag.CRYPTOGRAPHIC_PARAMETERS)
                .enumeration(Tag.BLOCK_CIPHER_MODE, GCM)
                .enumeration(Tag.CRYPTOGRAPHIC_ALGORITHM, CryptographicAlgorithm.AES.code())
                .integer(Tag.TAG_LENGTH, TAG_BYTES)
                .build();
    }
}
