package io.tidemark.crypto.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import io.tidemark.crypto.Seeds;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SealGeometryTest {
    // every border and its neighbours
    static final long[] LENGTHS = {
        0,
        1,
        2,
        65_479,
        65_480,
        65_481,
        65_520,
        65_521,
        65_536,
        130_999,
        131_000,
        131_001,
        196_519,
        196_520,
        196_521,
        1 << 20,
        (1L << 30) + 1
    };

    @Test
    void constants_areTheFormats() {
        assertThat(SealGeometry.FIRST_PLAINTEXT).isEqualTo(65_480);
        assertThat(SealGeometry.PLAINTEXT).isEqualTo(65_520);
    }

    @Test
    void sealedLength_agreesWithTink() throws Exception {
        AesGcmHkdfStreaming tink = new AesGcmHkdfStreaming(new byte[32], "HmacSha256", 32, 65_536, 0);
        for (long plain : LENGTHS) {
            // Tink counts no segment for empty content, though it writes one
            if (plain > 0) {
                assertThat(SealGeometry.sealedLength(plain)).isEqualTo(tink.expectedCiphertextSize(plain));
            }
            assertThat(SealGeometry.plainLength(SealGeometry.sealedLength(plain)))
                    .isEqualTo(plain);
        }
        assertThat(SealGeometry.sealedLength(0)).isEqualTo(56);
    }

    @Test
    void plainLength_ofImpossibleLengths_isRefused() {
        assertThat(LongStream.of(-1, 0, 1, 39, 40, 55, 65_537, 65_552, 131_073, 131_088))
                .allSatisfy(length -> {
                    assertThat(SealGeometry.isPossible(length)).isFalse();
                    assertThatIllegalArgumentException().isThrownBy(() -> SealGeometry.plainLength(length));
                });
        assertThat(LongStream.of(56, 57, 65_536, 65_553, 131_072, 131_089)).allMatch(SealGeometry::isPossible);
    }

    @Test
    void anyLength_roundTripsAndHasItsLastByteInItsLastSegment() {
        Seeds.each(2000, random -> {
            long plain = 1 + (random.nextLong() >>> 1) % (1L << 1 + random.nextInt(45));
            long sealed = SealGeometry.sealedLength(plain);
            long last = SealGeometry.segments(plain) - 1;

            assertThat(SealGeometry.isPossible(sealed)).isTrue();
            assertThat(SealGeometry.plainLength(sealed)).isEqualTo(plain);
            assertThat(SealGeometry.segmentsOfSealed(sealed)).isEqualTo(last + 1);
            assertThat(SealGeometry.segmentOf(plain - 1)).isEqualTo(last);
            assertThat(SealGeometry.plainOffsetOfSegment(last)).isLessThan(plain);
            assertThat(SealGeometry.sealedOffsetOfSegment(last)).isLessThan(sealed - SealGeometry.TAG_BYTES);
        });
    }

    @Test
    void segments_lieOneBehindTheOther() {
        for (long segment = 0; segment < 5; segment++) {
            long next = segment + 1;

            assertThat(SealGeometry.plainOffsetOfSegment(segment) + SealGeometry.plainBytesOfSegment(segment))
                    .isEqualTo(SealGeometry.plainOffsetOfSegment(next));
            assertThat(SealGeometry.sealedOffsetOfSegment(segment) + SealGeometry.sealedBytesOfSegment(segment))
                    .isEqualTo(SealGeometry.sealedOffsetOfSegment(next));
            assertThat(SealGeometry.segmentOf(SealGeometry.plainOffsetOfSegment(next) - 1))
                    .isEqualTo(segment);
            assertThat(SealGeometry.segmentOf(SealGeometry.plainOffsetOfSegment(next)))
                    .isEqualTo(next);
        }
    }

    @Test
    void negativeNumbers_areRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> SealGeometry.sealedLength(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> SealGeometry.segmentOf(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> SealGeometry.plainOffsetOfSegment(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> SealGeometry.sealedOffsetOfSegment(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> SealGeometry.plainBytesOfSegment(-1));
    }
}
