package io.tidemark.kmip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class UniqueIdentifierTest {
    @Test
    void identifier_ofAServer_printsAsItIs() {
        assertThat(new UniqueIdentifier("49a1ca88-6bea-4fb2-b450-7e58802c3038"))
                .hasToString("49a1ca88-6bea-4fb2-b450-7e58802c3038");
    }

    @Test
    void identifier_thatIsEmpty_isRefused_becauseServersTakeItForTheLastKeyMade() {
        assertThatThrownBy(() -> new UniqueIdentifier("")).hasMessage("a unique identifier is empty");
    }

    @Test
    void identifier_ofMoreThan128BytesOfUtf8_isRefused() {
        assertThat(new UniqueIdentifier("ä".repeat(64)).value()).hasSize(64);
        assertThatThrownBy(() -> new UniqueIdentifier("ä".repeat(64) + "x")).hasMessageContaining("129 bytes");
    }

    @Test
    void identifier_withControlCharacters_isRefused() {
        assertThatThrownBy(() -> new UniqueIdentifier("1\u001b[2J")).hasMessageContaining("control characters");
    }
}
