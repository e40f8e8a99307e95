package io.tidemark.kmip.message.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tidemark.kmip.message.Bytes;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.ttlv.ByteString;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import io.tidemark.kmip.ttlv.TextString;
import io.tidemark.kmip.ttlv.TtlvItem;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** One model of attributes, in the forms of 1.x and 2.x (KMIP.md section 4). */
final class AttributesTest {
    private static final Attributes ALL = Attributes.of(
            Attribute.objectType(ObjectType.SYMMETRIC_KEY),
            Attribute.algorithm(CryptographicAlgorithm.AES),
            Attribute.lengthBits(256),
            Attribute.usage(UsageMask.ENCRYPT.and(UsageMask.DECRYPT)),
            Attribute.name("one"),
            Attribute.name("two"),
            Attribute.state(State.PRE_ACTIVE),
            Attribute.of(new TtlvItem.DateTime(Tag.INITIAL_DATE, 1_795_355_149L)),
            Attribute.of(new TtlvItem.BooleanItem(Tag.SENSITIVE, false)),
            Attribute.of(new TtlvItem.Interval(Tag.ROTATE_INTERVAL, 60)),
            Attribute.custom("lab", "three"));

    @Test
    void read_inBothForms_givesTheSame() {
        for (ProtocolVersion version : ProtocolVersion.SUPPORTED) {
            Structure payload = Structure.of(Tag.RESPONSE_PAYLOAD)
                    .addAll(ALL.criteria(version))
                    .build();

            Attributes read = Attributes.read(payload);

            assertThat(read).as("KMIP %s", version).isEqualTo(ALL);
            assertThat(read.names()).containsExactly("one", "two");
            assertThat(read.state()).hasValue(State.PRE_ACTIVE);
            assertThat(read.objectType()).hasValue(ObjectType.SYMMETRIC_KEY);
            assertThat(read.lengthBits()).hasValue(256);
            assertThat(read.usage()).hasValue(new UsageMask(12));
            assertThat(read.date(Tag.INITIAL_DATE)).hasValue(Instant.ofEpochSecond(1_795_355_149L));
            assertThat(read.flag(Tag.SENSITIVE)).hasValue(false);
            assertThat(read.flag(Tag.EXTRACTABLE)).isEmpty();
            assertThat(read.custom(AttributeName.parse("x-lab"))).hasValue("three");
        }
    }

    @Test
    void names_ofAttributes_haveWordsAndTags() {
        for (String words : new String[] {
            "Cryptographic Usage Mask",
            "X.509 Certificate Subject",
            "PKCS#12 Friendly Name",
            "Random Number Generator",
            "Name"
        }) {
            AttributeName name = AttributeName.parse(words);
            assertThat(name.tag()).as(words).isPresent();
            assertThat(AttributeName.of(name.tag().orElseThrow())).isEqualTo(name);
        }
        assertThat(AttributeName.parse("x-lab")).isEqualTo(new AttributeName("x", "lab"));
        assertThat(AttributeName.parse("Nonsense").tag()).isEmpty();
        assertThatThrownBy(() -> new AttributeName("cosmian", "tag").reference(ProtocolVersion.V1_4))
                .hasMessageContaining("KMIP 1.x has no attributes of the vendor cosmian");
    }

    @Test
    void state_thatIsThereTwice_isRefused() {
        Attributes twice = Attributes.of(Attribute.state(State.ACTIVE), Attribute.state(State.PRE_ACTIVE));

        assertThatThrownBy(twice::state).hasMessage("there is more than one attribute State");
    }

    @Test
    void state_thatNobodyKnows_isNone() {
        assertThat(Attributes.of(Attribute.of(new TtlvItem.Enumeration(Tag.STATE, 99)))
                        .state())
                .isEmpty();
        assertThatThrownBy(() -> Attributes.of(Attribute.of(TextString.of(Tag.STATE, "Active")))
                        .state())
                .hasMessageContaining("State is of type TextString");
    }

    /** The digest outlives the frame that it came in. */
    @Test
    void sha256_isACopy() {
        ByteBuf frame = Unpooled.buffer().writeLong(42);
        Structure digest = Structure.of(Tag.DIGEST)
                .enumeration(Tag.HASHING_ALGORITHM, 6)
                .add(new ByteString(Tag.DIGEST_VALUE, frame))
                .build();
        Attributes read = Attributes.read(Structure.of(Tag.RESPONSE_PAYLOAD)
                .add(Structure.of(Tag.ATTRIBUTES).add(digest).build())
                .build());
        frame.setZero(0, 8);

        assertThat(read.sha256()).hasValue(Bytes.of(new byte[] {0, 0, 0, 0, 0, 0, 0, 42}));
    }

    /** pg_tde's library cuts names at 250 bytes, in the middle of a character if need be. */
    @Test
    void pgTdeName_ofALongName_isCutAsPgTdeCutsIt() {
        String longName = "x" + "é".repeat(150);
        Structure name = (Structure) Attribute.pgTdeName(longName).value();
        TextString value = name.required(Tag.NAME_VALUE, TextString.class);

        assertThat(value.isUtf8()).isFalse();
        assertThat(value.value()).isEqualTo("x" + "é".repeat(124) + "\uFFFD");
        assertThat(Attribute.pgTdeName("short")).isEqualTo(Attribute.name("short"));
    }

    @Test
    void criteria_thatAreNone_areAStructureFrom2_0On() {
        assertThat(Attributes.NONE.criteria(ProtocolVersion.V1_4)).isEmpty();
        assertThat(Attributes.NONE.criteria(ProtocolVersion.V2_0))
                .containsExactly(Structure.of(Tag.ATTRIBUTES).build());
    }
}
