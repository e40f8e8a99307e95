package io.tidemark.crypto.keyset;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.MalformedKey;
import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {
    private static final String HEX = "000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1F";

    @Test
    void parse_eachForm_givesTheSameKey() {
        byte[] raw = Vectors.hex("key_hex");

        assertThat(KeyFile.parse(raw).copy(KeyAccess.insecure())).isEqualTo(raw);
        assertThat(KeyFile.parse(HEX.getBytes(US_ASCII)).copy(KeyAccess.insecure()))
                .isEqualTo(raw);
        assertThat(KeyFile.parse((HEX + "\n").getBytes(US_ASCII)).copy(KeyAccess.insecure()))
                .isEqualTo(raw);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                HEX + "\r\n",
                HEX + "\n\n",
                HEX + " ",
                " " + HEX,
                "0x",
                HEX + HEX,
                "000102030405060708090a0b0c0d0e0f\n"
            })
    void parse_anotherLength_isRefused(String text) {
        assertThatExceptionOfType(MalformedKey.class)
                .isThrownBy(() -> KeyFile.parse(text.getBytes(UTF_8)))
                .withMessageContaining("HINT: ");
    }

    @Test
    void parse_sixtyFourOtherCharacters_isRefusedWithoutQuotingThem() {
        byte[] text = HEX.replace('f', 'g').replace('F', 'g').getBytes(US_ASCII);

        assertThatExceptionOfType(MalformedKey.class)
                .isThrownBy(() -> KeyFile.parse(text))
                .withMessageNotContaining("0001");
    }

    @Test
    void checkValue_ofOtherLengths_isRefused() {
        assertThatExceptionOfType(MalformedKey.class).isThrownBy(() -> CheckValue.of(new byte[24]));
        assertThat(CheckValue.of(SecretBytes.copyOf(new byte[16])).hex()).hasSize(10);
    }
}
