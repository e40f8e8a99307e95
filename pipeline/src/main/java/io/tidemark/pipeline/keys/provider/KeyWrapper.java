package io.tidemark.pipeline.keys.provider;

import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.keyset.ProviderKey;
import reactor.core.publisher.Mono;

/**
 * A KMS that encrypts and decrypts with keys which may not leave it, by AES-GCM ({@code kmip-encrypt} of FORMAT.md
 * section 4). Errors, threads and cancellation are as a {@link KeyProvider} has them. What is wrapped does leave the
 * process, to the KMS.
 */
public interface KeyWrapper {
    /** The name that the configuration gives it, {@code keys.provider.<name>}. */
    String name();

    /**
     * Has a secret encrypted.
     *
     * @param secret lent until the end
     * @param associatedData not changed; the same is needed to unwrap
     */
    Mono<Wrapped> wrap(KeyReference key, SecretBytes secret, byte[] associatedData);

    /**
     * Has it decrypted; the subscriber closes what comes. Fails with {@code KeysFailed} of reason {@code WRONG} where the
     * KMS says that the tag does not verify: another key, or other bytes.
     *
     * @param wrapped IV (12) ‖ ciphertext ‖ tag (16)
     */
    Mono<SecretBytes> unwrap(KeyReference key, byte[] wrapped, byte[] associatedData);

    /** What {@link #wrap} gives: not secret. */
    final class Wrapped {
        private final ProviderKey key;
        private final byte[] bytes;

        /**
         * @param key which key did it, by its unique identifier too
         * @param bytes IV (12) ‖ ciphertext ‖ tag (16)
         */
        public Wrapped(ProviderKey key, byte[] bytes) {
            this.key = key;
            this.bytes = bytes.clone();
        }

        public ProviderKey key() {
            return key;
        }

        /** A copy. */
        public byte[] bytes() {
            return bytes.clone();
        }
    }
}
