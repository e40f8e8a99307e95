package io.tidemark.kmip.ttlv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class StructureTest {
    private static final Structure TWICE = Structure.of(Tag.RESPONSE_PAYLOAD)
            .text(Tag.UNIQUE_IDENTIFIER, "1")
            .integer(Tag.CRYPTOGRAPHIC_LENGTH, 128)
            .text(Tag.UNIQUE_IDENTIFIER, "2")
            .build();

    @Test
    void text_ofAFieldThatStandsThereTwice_isRefused() {
        assertThatThrownBy(() -> TWICE.text(Tag.UNIQUE_IDENTIFIER))
                .isInstanceOf(MalformedMessage.class)
                .hasMessage("ResponsePayload has more than one UniqueIdentifier");
        assertThat(TWICE.all(Tag.UNIQUE_IDENTIFIER, TextString.class)).hasSize(2);
    }

    @Test
    void integer_ofAnotherTypeOrAbsent_isRefused() {
        assertThat(TWICE.integer(Tag.CRYPTOGRAPHIC_LENGTH)).isEqualTo(128);
        assertThatThrownBy(() -> TWICE.text(Tag.CRYPTOGRAPHIC_LENGTH))
                .hasMessage("CryptographicLength in ResponsePayload is of type Integer");
        assertThatThrownBy(() -> TWICE.enumeration(Tag.OBJECT_TYPE)).hasMessage("ResponsePayload has no ObjectType");
        assertThat(TWICE.enumerationOr(Tag.OBJECT_TYPE, -1)).isEqualTo(-1);
        assertThat(TWICE.textOrNull(Tag.NAME_VALUE)).isNull();
    }
}
