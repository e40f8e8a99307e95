package io.tidemark.kmip.message.attribute;

import io.tidemark.kmip.ttlv.EnumerationNames;
import io.tidemark.kmip.ttlv.Tag;

/** What a server lets a key be used for, as bits. Source: KMIP 2.1, Cryptographic Usage Mask. */
public record UsageMask(int bits) {
    public static final UsageMask ENCRYPT = new UsageMask(0x04);
    public static final UsageMask DECRYPT = new UsageMask(0x08);
    public static final UsageMask WRAP_KEY = new UsageMask(0x10);
    public static final UsageMask UNWRAP_KEY = new UsageMask(0x20);

    public UsageMask and(UsageMask other) {
        return new UsageMask(bits | other.bits);
    }

    public boolean allows(UsageMask other) {
        return (bits & other.bits) == other.bits;
    }

    /** {@code Encrypt Decrypt}. */
    @Override
    public String toString() {
        String names = EnumerationNames.bitsOf(Tag.CRYPTOGRAPHIC_USAGE_MASK, bits);
        return names == null ? "nothing" : names;
    }
}
