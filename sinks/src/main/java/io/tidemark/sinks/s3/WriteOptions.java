package io.tidemark.sinks.s3;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How objects are stored.
 *
 * @param storageClass as S3 spells it ({@code STANDARD_IA}); null for the bucket's own
 * @param encryption by the store, beneath Tidemark's seal; null for the bucket's own
 * @param lock null where the bucket has no Object Lock, or its default is enough
 * @param checksum sent with every object and part
 * @param condition how a put is kept from replacing an object
 */
public record WriteOptions(
        @Nullable String storageClass,
        @Nullable Encryption encryption,
        @Nullable Lock lock,
        Checksum checksum,
        Condition condition) {

    /** What a bucket needs that is like Amazon's. */
    public static final WriteOptions PLAIN =
            new WriteOptions(null, null, null, Checksum.CRC32C, Condition.IF_NONE_MATCH);

    /** Encryption by the store. */
    public sealed interface Encryption {
        /** SSE-S3: {@code AES256}. */
        record S3Managed() implements Encryption {}

        /**
         * SSE-KMS: {@code aws:kms}.
         *
         * @param keyId null for the account's default key
         */
        record Kms(@Nullable String keyId) implements Encryption {}
    }

    /** Object Lock: nobody deletes or replaces the object before then. */
    public record Lock(Mode mode, Duration retention) {
        public Lock {
            if (retention.isNegative() || retention.isZero()) {
                throw new IllegalArgumentException("retention " + retention);
            }
        }

        /** How strong it is. */
        public enum Mode {
            /** Who has {@code s3:BypassGovernanceRetention} may delete. */
            GOVERNANCE,
            /** Nobody may, the account's owner included. */
            COMPLIANCE
        }
    }

    /** What the store compares bytes with. */
    public enum Checksum {
        CRC32C,
        /** For stores that refuse the header. The seal still protects the content. */
        NONE
    }

    /** What keeps a put from replacing an object. */
    public enum Condition {
        /** {@code If-None-Match: *}: the store decides, whoever else writes. */
        IF_NONE_MATCH,
        /**
         * A look before the write: right only as long as a single process at a time writes to the cluster's root. For
         * stores without conditional writes.
         */
        SINGLE_WRITER
    }
}
