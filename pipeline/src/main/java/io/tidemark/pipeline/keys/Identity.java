package io.tidemark.pipeline.keys;

import io.tidemark.crypto.keyset.Generation;
import io.tidemark.crypto.keyset.SealingKeyset;
import reactor.core.publisher.Mono;

/** One of those that this process can be: the holder of a key to which the sealing keyset may have been encrypted. */
public sealed interface Identity permits FileIdentity, ServerIdentity, RecoveryIdentity {

    /** For messages: {@code key file of provider "box"}. */
    String description();

    /**
     * Opens a generation's keyset, held against its commitment but not yet against the root; the subscriber owns it.
     * Empty where no recipient is of this kind. Fails with {@code KeyMismatch} where none is for this key, with another
     * {@code CryptoException} where one is and yet does not open, with {@code KeysFailed} or {@code UsageError} where the
     * key cannot be had.
     */
    Mono<SealingKeyset> open(Generation generation);

    /** What a keyset that opens by this identity says about who made it. */
    Proof proof();

    /** Whether only a holder of the key could have made what the key opens. */
    enum Proof {
        /** Authenticated encryption under a shared key: whoever made it holds the key. */
        SHARED_KEY,
        /** A public key's encryption: anybody could have made it, so the root decides. */
        NONE
    }
}
