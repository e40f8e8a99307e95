package io.tidemark.crypto.seal;

import static io.tidemark.crypto.seal.SealGeometry.HEADER_BYTES;
import static io.tidemark.crypto.seal.SealGeometry.SEGMENT_BYTES;

import io.tidemark.crypto.AuthenticationFailed;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Seals and opens whole objects in memory, for tests: what the reactive stages do piece by piece. */
final class WholeObject {
    private WholeObject() {}

    static byte[] seal(SealingKey key, SealContext context, byte[] plain) {
        Sealer sealer = new Sealer(key, context);
        ByteBuffer sealed = ByteBuffer.allocate((int) SealGeometry.sealedLength(plain.length));
        sealed.put(sealer.header().bytes());
        ByteBuffer rest = ByteBuffer.wrap(plain);
        while (rest.remaining() > sealer.nextPlaintextLength()) {
            int length = sealer.nextPlaintextLength();
            sealer.seal(rest.slice(rest.position(), length), sealed);
            rest.position(rest.position() + length);
        }
        sealer.sealLast(rest, sealed);
        if (sealed.hasRemaining()) {
            throw new AssertionError("sealed length was computed wrongly by " + sealed.remaining());
        }
        return sealed.array();
    }

    static byte[] open(SealingKey key, SealContext context, byte[] sealed) {
        ByteBuffer rest = ByteBuffer.wrap(sealed);
        Unsealer unsealer = new Unsealer(key, context, SealHeader.parse(rest));
        ByteBuffer plain = ByteBuffer.allocate(Math.max(0, sealed.length - HEADER_BYTES));
        long segment = 0;
        do {
            int whole = SEGMENT_BYTES - (segment == 0 ? HEADER_BYTES : 0);
            SegmentPosition position = rest.remaining() > whole ? SegmentPosition.MIDDLE : SegmentPosition.LAST;
            int length = Math.min(whole, rest.remaining());
            unsealer.open(segment, position, rest.slice(rest.position(), length), plain);
            rest.position(rest.position() + length);
            segment++;
        } while (rest.hasRemaining());
        return Arrays.copyOf(plain.array(), plain.position());
    }

    static boolean opens(SealingKey key, SealContext context, byte[] sealed) {
        try {
            open(key, context, sealed);
            return true;
        } catch (AuthenticationFailed e) {
            return false;
        }
    }
}
