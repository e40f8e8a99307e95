package io.tidemark.crypto.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.Seeds;
import io.tidemark.crypto.Vectors;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealerTest {
    private final SecretBytes material = Vectors.key();
    private final SealingKey key = SealingKey.of(7, material);
    private final SealContext context = new SealContext(Vectors.cluster(), "some/name");

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_479, 65_480, 65_481, 130_999, 131_000, 131_001, 300_000})
    void seal_atEveryBorder_opensHereAndInTinksOwnStream(int length) throws Exception {
        byte[] plain = Vectors.patterned(length);

        byte[] sealed = WholeObject.seal(key, context, plain);

        assertThat(WholeObject.open(key, context, sealed)).isEqualTo(plain);
        AesGcmHkdfStreaming tink =
                new AesGcmHkdfStreaming(material.copy(KeyAccess.insecure()), "HmacSha256", 32, 65_536, 0);
        assertThat(tink.newDecryptingStream(new ByteArrayInputStream(sealed), context.associatedData())
                        .readAllBytes())
                .isEqualTo(plain);
    }

    @Test
    void open_anySegmentOfAnyObjectInAnyOrder_givesItsBytes() {
        Seeds.each(5, random -> {
            byte[] plain = Seeds.bytes(random, random.nextInt(400_000));
            byte[] sealed = WholeObject.seal(key, context, plain);
            Unsealer unsealer = new Unsealer(key, context, SealHeader.parse(ByteBuffer.wrap(sealed)));
            for (int i = 0; i < 20; i++) {
                openOne(random, plain, sealed, unsealer);
            }
        });
    }

    private static void openOne(Random random, byte[] plain, byte[] sealed, Unsealer unsealer) {
        long last = SealGeometry.segments(plain.length) - 1;
        long segment = random.nextInt((int) last + 1);
        int from = (int) SealGeometry.sealedOffsetOfSegment(segment);
        int length = segment == last ? sealed.length - from : SealGeometry.sealedBytesOfSegment(segment);
        ByteBuffer out = random.nextInt(2) == 0 ? ByteBuffer.allocate(70_000) : ByteBuffer.allocateDirect(70_000);
        out.position(random.nextInt(100));
        int start = out.position();

        unsealer.open(
                segment,
                segment == last ? SegmentPosition.LAST : SegmentPosition.MIDDLE,
                ByteBuffer.wrap(sealed, from, length),
                out);

        int offset = (int) SealGeometry.plainOffsetOfSegment(segment);
        assertThat(out.flip().position(start)).isEqualTo(ByteBuffer.wrap(plain, offset, out.remaining()));
    }

    @Test
    void header_ofEachAttempt_isAnother() {
        SealHeader one = new Sealer(key, context).header();
        SealHeader two = new Sealer(key, context).header();

        assertThat(one).isNotEqualTo(two);
        assertThat(SealHeader.parse(one.bytes())).isEqualTo(one).hasSameHashCodeAs(one);
    }

    @Test
    void seal_withAnotherLengthThanTheSegments_isRefusedAndCostsNoNonce() {
        Sealer sealer = new Sealer(key, context);
        ByteBuffer room = ByteBuffer.allocate(70_000);

        assertThatIllegalArgumentException().isThrownBy(() -> sealer.seal(ByteBuffer.allocate(65_479), room));
        assertThatIllegalArgumentException().isThrownBy(() -> sealer.seal(ByteBuffer.allocate(65_481), room));
        assertThatIllegalArgumentException().isThrownBy(() -> sealer.sealLast(ByteBuffer.allocate(65_481), room));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sealer.seal(ByteBuffer.allocate(65_480), ByteBuffer.allocate(65_495)));

        sealer.seal(ByteBuffer.allocate(65_480), room);
        assertThat(sealer.nextPlaintextLength()).isEqualTo(65_520);
        assertThatIllegalArgumentException().isThrownBy(() -> sealer.sealLast(ByteBuffer.allocate(0), room));
    }

    @Test
    void seal_behindTheLastSegment_isABug() {
        Sealer sealer = new Sealer(key, context);
        ByteBuffer room = ByteBuffer.allocate(200_000);
        sealer.sealLast(ByteBuffer.allocate(3), room);

        assertThatIllegalStateException().isThrownBy(() -> sealer.sealLast(ByteBuffer.allocate(3), room));
    }

    @Test
    void cipher_ofAClosedKey_isABug() {
        material.close();

        assertThatIllegalStateException().isThrownBy(() -> new Sealer(key, context));
    }

    @Test
    void of_aKeyOfAnotherLength_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> SealingKey.of(1, SecretBytes.copyOf(new byte[16])));
    }

    @Test
    void toString_ofAKey_isItsIdAlone() {
        assertThat(key).hasToString("SealingKey[7]");
    }

    @Test
    void context_withAColonInTheCluster_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SealContext("a:b", "c"));
    }
}
