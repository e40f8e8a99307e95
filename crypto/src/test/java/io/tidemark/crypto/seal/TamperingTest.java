package io.tidemark.crypto.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tidemark.crypto.AuthenticationFailed;
import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.Vectors;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every way to change a sealed object. Attacks invariant 6: no unauthenticated byte is used. */
class TamperingTest {
    private final SealingKey key = SealingKey.of(1, Vectors.key());
    private final SealContext context = new SealContext(Vectors.cluster(), "7710/wal/00000001/x");
    private final byte[] small = WholeObject.seal(key, context, "a small object".getBytes(UTF_8));
    private final byte[] large = WholeObject.seal(key, context, Vectors.patterned(65_480 + 2 * 65_520 + 500));

    @Test
    void cut_atEveryLengthOfASmallObject_fails() {
        for (int length = 0; length < small.length; length++) {
            assertThat(WholeObject.opens(key, context, Arrays.copyOf(small, length)))
                    .as("cut to %s bytes", length)
                    .isFalse();
        }
        assertThat(WholeObject.opens(key, context, small)).isTrue();
    }

    @Test
    void flip_ofEveryBitOfASmallObject_fails() {
        for (int bit = 0; bit < 8 * small.length; bit++) {
            byte[] flipped = small.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);

            assertThat(WholeObject.opens(key, context, flipped))
                    .as("bit %s flipped", bit)
                    .isFalse();
        }
    }

    @Test
    void cut_aroundEveryBorderOfALargeObject_fails() {
        for (int border = 0; border <= large.length; border += 65_536) {
            for (int off = -20; off <= 20; off++) {
                int length = border + off;
                if (length >= 0 && length < large.length) {
                    assertThat(WholeObject.opens(key, context, Arrays.copyOf(large, length)))
                            .as("cut to %s bytes", length)
                            .isFalse();
                }
            }
        }
    }

    @Test
    void append_ofAnything_fails() {
        for (int more : new int[] {1, 15, 16, 17, 65_536}) {
            assertThat(WholeObject.opens(key, context, Arrays.copyOf(small, small.length + more)))
                    .isFalse();
            assertThat(WholeObject.opens(key, context, Arrays.copyOf(large, large.length + more)))
                    .isFalse();
        }
        assertThat(WholeObject.opens(key, context, joined(List.of(large, large))))
                .isFalse();
    }

    @Test
    void append_toAnObjectThatEndsAtABorder_fails() {
        byte[] whole = WholeObject.seal(key, context, Vectors.patterned(65_480));

        assertThat(whole).hasSize(65_536);
        assertThat(WholeObject.opens(key, context, whole)).isTrue();
        // an empty middle or last segment behind it
        assertThat(WholeObject.opens(key, context, Arrays.copyOf(whole, 65_536 + 16)))
                .isFalse();
    }

    @Test
    void segments_inAnyOtherOrder_fail() {
        List<byte[]> pieces = pieces(large);
        for (int i = 0; i < pieces.size(); i++) {
            for (int j = i + 1; j < pieces.size(); j++) {
                List<byte[]> swapped = new ArrayList<>(pieces);
                Collections.swap(swapped, i, j);

                assertThat(WholeObject.opens(key, context, object(large, swapped)))
                        .as("segments %s and %s swapped", i, j)
                        .isFalse();
            }
        }
    }

    @Test
    void segments_droppedOrRepeated_fail() {
        List<byte[]> pieces = pieces(large);
        for (int i = 0; i < pieces.size(); i++) {
            List<byte[]> dropped = new ArrayList<>(pieces);
            dropped.remove(i);
            List<byte[]> repeated = new ArrayList<>(pieces);
            repeated.add(i, pieces.get(i));

            assertThat(WholeObject.opens(key, context, object(large, dropped)))
                    .as("segment %s dropped", i)
                    .isFalse();
            assertThat(WholeObject.opens(key, context, object(large, repeated)))
                    .as("segment %s repeated", i)
                    .isFalse();
        }
    }

    @Test
    void segments_ofAnotherObjectOfTheSameName_fail() {
        byte[] other = WholeObject.seal(key, context, Vectors.patterned(65_480 + 2 * 65_520 + 500));
        List<byte[]> pieces = pieces(large);
        List<byte[]> others = pieces(other);
        for (int i = 0; i < pieces.size(); i++) {
            List<byte[]> spliced = new ArrayList<>(pieces);
            spliced.set(i, others.get(i));

            assertThat(WholeObject.opens(key, context, object(large, spliced)))
                    .as("segment %s of another attempt", i)
                    .isFalse();
        }
    }

    @Test
    void object_underAnotherNameOrCluster_fails() {
        SealContext renamed = new SealContext(Vectors.cluster(), "7710/wal/00000001/y");
        SealContext moved = new SealContext("00000000-0000-0000-0000-000000000000", "7710/wal/00000001/x");

        assertThat(WholeObject.opens(key, renamed, small)).isFalse();
        assertThat(WholeObject.opens(key, moved, small)).isFalse();
    }

    @Test
    void object_underAnotherKey_fails() {
        byte[] zeros = new byte[32];
        SealingKey other = SealingKey.of(2, SecretBytes.copyOf(zeros));

        assertThat(WholeObject.opens(other, context, small)).isFalse();
    }

    @Test
    void segment_askedForAsAnotherOne_fails() {
        Unsealer unsealer = new Unsealer(key, context, SealHeader.parse(ByteBuffer.wrap(large)));
        byte[] second = pieces(large).get(1);
        ByteBuffer plain = ByteBuffer.allocate(65_536);

        assertThatExceptionOfType(AuthenticationFailed.class)
                .isThrownBy(() -> unsealer.open(2, SegmentPosition.MIDDLE, ByteBuffer.wrap(second), plain));
        assertThatExceptionOfType(AuthenticationFailed.class)
                .isThrownBy(() -> unsealer.open(1, SegmentPosition.LAST, ByteBuffer.wrap(second), plain));
        unsealer.open(1, SegmentPosition.MIDDLE, ByteBuffer.wrap(second), plain);
        assertThat(plain.position()).isEqualTo(65_520);
    }

    @Test
    void open_thatFails_leavesNotOneByteOfPlaintext() {
        Unsealer unsealer = new Unsealer(key, context, SealHeader.parse(ByteBuffer.wrap(large)));
        byte[] second = pieces(large).get(1);
        second[second.length - 1] ^= 1;
        for (ByteBuffer plain : List.of(ByteBuffer.allocate(70_000), ByteBuffer.allocateDirect(70_000))) {
            for (int i = 0; i < plain.capacity(); i++) {
                plain.put(i, (byte) 0x55);
            }
            plain.position(100);

            assertThatExceptionOfType(AuthenticationFailed.class)
                    .isThrownBy(() -> unsealer.open(1, SegmentPosition.MIDDLE, ByteBuffer.wrap(second), plain))
                    .withMessageContaining("segment 1")
                    .withMessageContaining(context.name());

            assertThat(plain.position()).isEqualTo(100);
            for (int i = 0; i < plain.capacity(); i++) {
                boolean inside = i >= 100 && i < 100 + 65_520;
                assertThat(plain.get(i)).isEqualTo(inside ? 0 : (byte) 0x55);
            }
        }
    }

    @Test
    void header_withAnotherFirstByte_isNoObject() {
        byte[] bytes = small.clone();
        bytes[0] = 24;

        assertThatExceptionOfType(AuthenticationFailed.class)
                .isThrownBy(() -> SealHeader.parse(ByteBuffer.wrap(bytes)))
                .withMessageContaining("24");
        assertThatExceptionOfType(AuthenticationFailed.class)
                .isThrownBy(() -> SealHeader.parse(ByteBuffer.wrap(bytes, 0, 39)));
    }

    private static List<byte[]> pieces(byte[] sealed) {
        List<byte[]> pieces = new ArrayList<>();
        for (int from = 0; from < sealed.length; from += 65_536) {
            pieces.add(Arrays.copyOfRange(sealed, from, Math.min(sealed.length, from + 65_536)));
        }
        // the header belongs to no segment
        byte[] first = pieces.get(0);
        pieces.set(0, Arrays.copyOfRange(first, 40, first.length));
        return pieces;
    }

    private static byte[] object(byte[] header, List<byte[]> segments) {
        List<byte[]> whole = new ArrayList<>(segments);
        whole.add(0, Arrays.copyOf(header, 40));
        return joined(whole);
    }

    private static byte[] joined(List<byte[]> pieces) {
        int length = pieces.stream().mapToInt(piece -> piece.length).sum();
        ByteBuffer joined = ByteBuffer.allocate(length);
        pieces.forEach(joined::put);
        return joined.array();
    }
}
