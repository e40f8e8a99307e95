package io.tidemark.crypto.seal;

/**
 * Where plain bytes lie in a sealed object. All sizes and offsets are bytes.
 *
 * <pre>
 * header (40) ‖ segment 0 (65 480 + 16) ‖ segment 1 (65 520 + 16) ‖ … ‖ last segment (1 to 65 520, + 16)
 * |<---------------- 65 536 ----------->|<--------- 65 536 ------>|
 * </pre>
 *
 * Empty content is one empty segment; other content never ends with an empty one. Source: docs/FORMAT.md section 2.
 */
public final class SealGeometry {
    /** Length byte, salt, nonce prefix. */
    public static final int HEADER_BYTES = 40;
    /** A whole sealed segment; the first one counts the header in. */
    public static final int SEGMENT_BYTES = 65_536;

    public static final int TAG_BYTES = 16;
    /** Plain bytes in a whole segment 0. */
    public static final int FIRST_PLAINTEXT = SEGMENT_BYTES - HEADER_BYTES - TAG_BYTES;
    /** Plain bytes in every other whole segment. */
    public static final int PLAINTEXT = SEGMENT_BYTES - TAG_BYTES;
    /** Tink counts segments in 32 bits, of which its decrypter's {@code int} leaves 31. */
    public static final long MAX_SEGMENTS = 1L << 31;

    private SealGeometry() {}

    /** Length of the sealed object for {@code plain} bytes of content. */
    public static long sealedLength(long plain) {
        requireNotNegative("plain length", plain);
        return HEADER_BYTES + plain + segments(plain) * TAG_BYTES;
    }

    /**
     * Length of the content of a sealed object.
     *
     * @throws IllegalArgumentException for a length that no sealed object can have
     */
    public static long plainLength(long sealed) {
        if (!isPossible(sealed)) {
            throw new IllegalArgumentException("no sealed object has a length of " + sealed + " bytes");
        }
        return sealed - HEADER_BYTES - segmentsOfSealed(sealed) * TAG_BYTES;
    }

    /** Whether a sealed object can have this length: a cut can often be seen by it, before anything is opened. */
    public static boolean isPossible(long sealed) {
        if (sealed < HEADER_BYTES + TAG_BYTES) {
            return false;
        }
        if (sealed <= SEGMENT_BYTES) {
            return true;
        }
        long inLast = (sealed - 1) % SEGMENT_BYTES + 1;
        return inLast > TAG_BYTES;
    }

    /** Number of segments for {@code plain} bytes of content; at least one. */
    public static long segments(long plain) {
        requireNotNegative("plain length", plain);
        return plain == 0 ? 1 : segmentOf(plain - 1) + 1;
    }

    /** Number of segments of a sealed object that is {@code sealed} bytes long. */
    public static long segmentsOfSealed(long sealed) {
        return (sealed + SEGMENT_BYTES - 1) / SEGMENT_BYTES;
    }

    /** The segment that holds the plain byte at this offset. */
    public static long segmentOf(long plainOffset) {
        requireNotNegative("plain offset", plainOffset);
        return (plainOffset + HEADER_BYTES) / PLAINTEXT;
    }

    /** Offset in the content of the segment's first plain byte. */
    public static long plainOffsetOfSegment(long segment) {
        requireNotNegative("segment", segment);
        return segment == 0 ? 0 : segment * PLAINTEXT - HEADER_BYTES;
    }

    /** Offset in the object of the segment's first byte of ciphertext; 40 for segment 0, behind the header. */
    public static long sealedOffsetOfSegment(long segment) {
        requireNotNegative("segment", segment);
        return segment == 0 ? HEADER_BYTES : segment * SEGMENT_BYTES;
    }

    /** Most plain bytes that the segment can hold, and holds unless it is the last. */
    public static int plainBytesOfSegment(long segment) {
        requireNotNegative("segment", segment);
        return segment == 0 ? FIRST_PLAINTEXT : PLAINTEXT;
    }

    /** Ciphertext and tag of the segment unless it is the last; without the header for segment 0. */
    public static int sealedBytesOfSegment(long segment) {
        return plainBytesOfSegment(segment) + TAG_BYTES;
    }

    private static void requireNotNegative(String what, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(what + " is negative: " + value);
        }
    }
}
