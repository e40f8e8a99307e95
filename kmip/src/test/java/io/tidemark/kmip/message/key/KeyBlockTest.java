package io.tidemark.kmip.message.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tidemark.kmip.KeyMaterial;
import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.attribute.ObjectType;
import io.tidemark.kmip.ttlv.ByteString;
import io.tidemark.kmip.ttlv.MalformedMessage;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import io.tidemark.kmip.ttlv.TtlvItem;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Keys in the forms that servers send, and in those that they must not (KMIP.md sections 7, 12). */
final class KeyBlockTest {
    private static final byte[] KEY = new byte[32];
    private static final KeyWrapping WRAPPING = new KeyWrapping(new UniqueIdentifier("kek"), WrapMode.NIST_KEY_WRAP);

    static {
        Arrays.fill(KEY, (byte) 0x41);
    }

    @Test
    void read_ofARawKey_takesItAndLeavesZerosInTheFrame() {
        ByteBuf frame = Unpooled.wrappedBuffer(KEY.clone());
        Structure block = block(1, value(new ByteString(Tag.KEY_MATERIAL, frame)), 256, null);

        try (KeyBlock key = KeyBlock.read(block, null)) {
            assertThat(key.material().insecureCopy()).isEqualTo(KEY);
            assertThat(key).asString().contains("KeyMaterial[32]").doesNotContain("AAAA", "4141");
        }
        assertThat(frame.getLong(0)).isZero();
        assertThat(frame.getLong(24)).isZero();
    }

    @Test
    void read_ofATransparentKey_takesWhatStandsWithin() {
        Structure material = Structure.of(Tag.KEY_MATERIAL)
                .add(ByteString.copyOf(Tag.KEY, KEY))
                .build();

        try (KeyBlock key = KeyBlock.read(block(7, value(material), 256, null), null)) {
            assertThat(key.material().insecureCopy()).isEqualTo(KEY);
        }
    }

    /** Cosmian puts the wrapped bytes directly in the key value, PyKMIP in the key material within. */
    @Test
    void read_ofAWrappedKey_takesBothForms() {
        byte[] wrapped = new byte[40];

        for (TtlvItem value : new TtlvItem[] {
            ByteString.copyOf(Tag.KEY_VALUE, wrapped), value(ByteString.copyOf(Tag.KEY_MATERIAL, wrapped))
        }) {
            try (KeyBlock key = KeyBlock.read(block(1, value, 256, WRAPPING), WRAPPING)) {
                assertThat(key.material().length()).isEqualTo(40);
                assertThat(key.wrapping()).isEqualTo(WRAPPING);
            }
        }
    }

    @Test
    void read_wrappedWhereClearWasAskedFor_orTheOtherWay_isRefused() {
        refused(
                "is wrapped, and was wanted in clear",
                block(1, ByteString.copyOf(Tag.KEY_VALUE, KEY), 256, WRAPPING),
                null);
        refused("is in clear, and was wanted wrapped", block(1, value(clear(32)), 256, null), WRAPPING);
        refused(
                "with another key or in another way",
                block(1, ByteString.copyOf(Tag.KEY_VALUE, KEY), 256, WRAPPING),
                new KeyWrapping(new UniqueIdentifier("other"), WrapMode.NIST_KEY_WRAP));
        refused(
                "of a key in clear is of type ByteString",
                block(1, ByteString.copyOf(Tag.KEY_VALUE, KEY), 256, null),
                null);
    }

    /** Cosmian stores a key of 16 bytes that claims to have 256 bits. */
    @Test
    void read_ofAKeyWhoseLengthIsNotWhatItSays_isRefused() {
        refused("a key of 16 bytes that says it has 256 bits", block(1, value(clear(16)), 256, null), null);
        refused("a key of 32 bytes that says it has 128 bits", block(1, value(clear(32)), 128, null), null);
        refused("an AES key of 12 bytes", block(1, value(clear(12)), 96, null), null);
        refused("a key of 0 bytes", block(1, value(clear(0)), 0, null), null);
        Structure attributes = Structure.of(Tag.ATTRIBUTES)
                .integer(Tag.CRYPTOGRAPHIC_LENGTH, 128)
                .build();
        refused(
                "a key of 32 bytes that says it has 128 bits",
                block(
                        1,
                        Structure.of(Tag.KEY_VALUE)
                                .add(clear(32))
                                .add(attributes)
                                .build(),
                        256,
                        null),
                null);
    }

    @Test
    void read_ofDuplicates_isRefused() {
        Structure twice =
                Structure.of(Tag.KEY_VALUE).add(clear(32)).add(clear(32)).build();

        refused("KeyValue has more than one KeyMaterial", block(1, twice, 256, null), null);
    }

    @Test
    void read_ofWhatIsNoKeyOfOurs_saysWhatItIs() {
        refused("a key of format 3 is not read here", block(3, value(clear(32)), 256, null), null);
        Structure certificate = Structure.of(Tag.RESPONSE_PAYLOAD)
                .enumeration(Tag.OBJECT_TYPE, ObjectType.CERTIFICATE.code())
                .build();
        assertThatThrownBy(() -> ManagedObject.read(certificate, null)).hasMessageContaining("of type CERTIFICATE");
        Structure unknown = Structure.of(Tag.RESPONSE_PAYLOAD)
                .enumeration(Tag.OBJECT_TYPE, 99)
                .build();
        assertThatThrownBy(() -> ManagedObject.read(unknown, null)).hasMessageContaining("unknown type 99");
    }

    @Test
    void item_ofAKey_isReadAsTheSame() {
        try (KeyMaterial material = KeyMaterial.copyOf(KEY);
                KeyBlock written = KeyBlock.aes(material);
                KeyBlock read = KeyBlock.read(written.item(), null)) {
            assertThat(read).isEqualTo(written);
        }
    }

    private static ByteString clear(int length) {
        return ByteString.copyOf(Tag.KEY_MATERIAL, new byte[length]);
    }

    private static Structure value(TtlvItem material) {
        return Structure.of(Tag.KEY_VALUE).add(material).build();
    }

    private static Structure block(int format, TtlvItem value, int bits, KeyWrapping wrapping) {
        return Structure.of(Tag.KEY_BLOCK)
                .enumeration(Tag.KEY_FORMAT_TYPE, format)
                .add(value)
                .enumeration(Tag.CRYPTOGRAPHIC_ALGORITHM, 3)
                .integer(Tag.CRYPTOGRAPHIC_LENGTH, bits)
                .addOptional(wrapping == null ? null : wrapping.data())
                .build();
    }

    private static void refused(String says, Structure block, KeyWrapping asked) {
        assertThatThrownBy(() -> KeyBlock.read(block, asked))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining(says);
    }
}
