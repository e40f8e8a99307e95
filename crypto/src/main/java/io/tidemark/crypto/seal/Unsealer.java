package io.tidemark.crypto.seal;

import static io.tidemark.crypto.seal.SealGeometry.TAG_BYTES;

import com.google.crypto.tink.subtle.StreamSegmentDecrypter;
import io.tidemark.crypto.AuthenticationFailed;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;

/**
 * Opens segments of one sealed object, in any order. Whoever reads the whole object must open its end as
 * {@link SegmentPosition#LAST} and everything before as {@link SegmentPosition#MIDDLE}: that is what shows a cut.
 *
 * <p>Not for two threads at once; may move between threads.
 */
public final class Unsealer {
    private final StreamSegmentDecrypter decrypter;
    private final SealContext context;

    /** Derives the object's key; nothing is known to be right before segment 0, or any other, has opened. */
    public Unsealer(SealingKey key, SealContext context, SealHeader header) {
        this.decrypter = key.cipher().decrypter(context, header);
        this.context = context;
    }

    /**
     * Opens one segment. On failure {@code plain} is as it was: same position, and zeros where the cipher may have
     * written.
     *
     * @param segment its number in the object, from 0
     * @param sealed the whole segment, ciphertext and tag, from position to limit (without the header for segment 0),
     *     lent; consumed
     * @param plain room for {@code sealed}'s length less 16, lent, not the same memory; filled from its position on
     * @throws AuthenticationFailed where it is not this segment of this object, whole and unchanged
     */
    public void open(long segment, SegmentPosition position, ByteBuffer sealed, ByteBuffer plain) {
        requireLength(segment, position, sealed.remaining());
        int length = sealed.remaining() - TAG_BYTES;
        if (plain.remaining() < length) {
            throw new IllegalArgumentException("room for " + plain.remaining() + " bytes, needed " + length);
        }
        int start = plain.position();
        try {
            // A view of just this room: on failure JDK 25 zeroes a direct buffer from its first byte on.
            decrypter.decryptSegment(
                    sealed, (int) segment, position == SegmentPosition.LAST, plain.slice(start, length));
            plain.position(start + length);
        } catch (GeneralSecurityException e) {
            wipe(plain, start, length);
            throw new AuthenticationFailed(
                    "segment " + segment + " (" + position + ") of '" + context.name() + "' in cluster "
                            + context.cluster() + " does not open",
                    e);
        }
    }

    private void requireLength(long segment, SegmentPosition position, int length) {
        if (segment < 0 || segment >= SealGeometry.MAX_SEGMENTS) {
            throw new IllegalArgumentException("no segment has the number " + segment);
        }
        int whole = SealGeometry.sealedBytesOfSegment(segment);
        boolean possible = position == SegmentPosition.MIDDLE
                ? length == whole
                : length <= whole && length >= TAG_BYTES + (segment == 0 ? 0 : 1);
        if (!possible) {
            throw new AuthenticationFailed("segment " + segment + " (" + position + ") of '" + context.name()
                    + "' in cluster " + context.cluster() + " has " + length + " bytes, a whole one has " + whole);
        }
    }

    private static void wipe(ByteBuffer plain, int start, int length) {
        plain.position(start);
        for (int i = 0; i < length; i++) {
            plain.put(start + i, (byte) 0);
        }
    }
}
