package io.tidemark.crypto.seal;

import static io.tidemark.crypto.seal.SealGeometry.TAG_BYTES;

import com.google.crypto.tink.subtle.StreamSegmentEncrypter;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;

/**
 * Seals one object, once: write {@link #header()}, then each segment in order, the last by {@link #sealLast}. Salt and
 * nonce prefix are drawn by Tink when it is made, so a second attempt takes a new {@code Sealer}.
 *
 * <p>Not for two threads at once; may move between threads.
 */
public final class Sealer {
    private final StreamSegmentEncrypter encrypter;
    private final SealHeader header;
    private long segment;
    private boolean ended;

    public Sealer(SealingKey key, SealContext context) {
        this.encrypter = key.cipher().encrypter(context);
        this.header = SealHeader.parse(encrypter.getHeader());
    }

    /** The object's first 40 bytes, which the caller writes before the first segment. */
    public SealHeader header() {
        return header;
    }

    /** How many plain bytes the next segment takes: exactly so many unless it is the last, then at most. */
    public int nextPlaintextLength() {
        return SealGeometry.plainBytesOfSegment(segment);
    }

    /**
     * Seals the next segment, which must not be the last: more content follows.
     *
     * @param plain exactly {@link #nextPlaintextLength()} bytes from position to limit, lent; consumed
     * @param sealed room for those and a tag of 16 bytes, lent; filled from its position on
     */
    public void seal(ByteBuffer plain, ByteBuffer sealed) {
        if (plain.remaining() != nextPlaintextLength()) {
            throw new IllegalArgumentException(
                    "segment " + segment + " takes " + nextPlaintextLength() + " bytes, got " + plain.remaining());
        }
        encrypt(plain, sealed, SegmentPosition.MIDDLE);
    }

    /**
     * Seals the last segment and ends the object. Empty only where the whole content is.
     *
     * @param plain at most {@link #nextPlaintextLength()} bytes from position to limit, lent; consumed
     * @param sealed room for those and a tag of 16 bytes, lent; filled from its position on
     */
    public void sealLast(ByteBuffer plain, ByteBuffer sealed) {
        if (plain.remaining() > nextPlaintextLength()) {
            throw new IllegalArgumentException("segment " + segment + " takes at most " + nextPlaintextLength()
                    + " bytes, got " + plain.remaining());
        }
        if (!plain.hasRemaining() && segment > 0) {
            throw new IllegalArgumentException("an empty last segment behind " + segment + " others");
        }
        encrypt(plain, sealed, SegmentPosition.LAST);
        ended = true;
    }

    private void encrypt(ByteBuffer plain, ByteBuffer sealed, SegmentPosition position) {
        if (ended) {
            throw new IllegalStateException("the object was ended by its last segment");
        }
        if (segment >= SealGeometry.MAX_SEGMENTS) {
            throw new IllegalStateException("no object has more than " + SealGeometry.MAX_SEGMENTS + " segments");
        }
        // checked here, not by the cipher: a failed call would have used up the segment's nonce
        if (sealed.remaining() < plain.remaining() + TAG_BYTES) {
            throw new IllegalArgumentException(
                    "room for " + sealed.remaining() + " bytes, needed " + (plain.remaining() + TAG_BYTES));
        }
        try {
            encrypter.encryptSegment(plain, position == SegmentPosition.LAST, sealed);
        } catch (GeneralSecurityException e) {
            ended = true;
            throw new IllegalStateException("sealing segment " + segment + " failed in the cipher", e);
        }
        segment++;
    }
}
