package io.tidemark.kmip.message;

import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import java.util.Comparator;
import java.util.List;

/** A version of the protocol, ordered by age. Servers also send numbers that no version has: 2147483647.2147483647 was seen. */
public record ProtocolVersion(int major, int minor) implements Comparable<ProtocolVersion> {
    public static final ProtocolVersion V1_0 = new ProtocolVersion(1, 0);
    public static final ProtocolVersion V1_1 = new ProtocolVersion(1, 1);
    public static final ProtocolVersion V1_2 = new ProtocolVersion(1, 2);
    public static final ProtocolVersion V1_3 = new ProtocolVersion(1, 3);
    public static final ProtocolVersion V1_4 = new ProtocolVersion(1, 4);
    public static final ProtocolVersion V2_0 = new ProtocolVersion(2, 0);
    public static final ProtocolVersion V2_1 = new ProtocolVersion(2, 1);

    /** What is written and read here, the newest first. */
    public static final List<ProtocolVersion> SUPPORTED = List.of(V2_1, V2_0, V1_4, V1_3, V1_2, V1_1, V1_0);

    private static final Comparator<ProtocolVersion> AGE =
            Comparator.comparingInt(ProtocolVersion::major).thenComparingInt(ProtocolVersion::minor);

    public boolean isAtLeast(ProtocolVersion other) {
        return compareTo(other) >= 0;
    }

    /** Whether attributes stand under their own tags, as from 2.0 on. */
    public boolean hasTaggedAttributes() {
        return major >= 2;
    }

    public Structure item() {
        return Structure.of(Tag.PROTOCOL_VERSION)
                .integer(Tag.PROTOCOL_VERSION_MAJOR, major)
                .integer(Tag.PROTOCOL_VERSION_MINOR, minor)
                .build();
    }

    public static ProtocolVersion read(Structure item) {
        return new ProtocolVersion(item.integer(Tag.PROTOCOL_VERSION_MAJOR), item.integer(Tag.PROTOCOL_VERSION_MINOR));
    }

    @Override
    public int compareTo(ProtocolVersion other) {
        return AGE.compare(this, other);
    }

    /** As people write it: {@code 1.4}. */
    @Override
    public String toString() {
        return major + "." + minor;
    }
}
