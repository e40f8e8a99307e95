package io.tidemark.crypto.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidemark.crypto.Seeds;
import java.math.BigInteger;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LsnTest {
    @ParameterizedTest
    @CsvSource({
        "0/0, 0000000000000000",
        "16/B374D848, 00000016b374d848",
        // the low half has its highest bit set: where arithmetic on ints goes wrong
        "1/80000000, 0000000180000000",
        "1/FFFFFFFF, 00000001ffffffff",
        "FFFFFFFF/FFFFFFFF, ffffffffffffffff",
        "80000000/0, 8000000000000000"
    })
    void parse_whatPostgresPrints_givesTheSameTextAgain(String printed, String hex) {
        Lsn lsn = Lsn.parse(printed);

        assertThat(lsn).hasToString(printed);
        assertThat(lsn.hex16()).isEqualTo(hex);
        assertThat(Lsn.fromHex16(hex)).isEqualTo(lsn);
    }

    @Test
    void parse_anyValue_roundTrips() {
        Seeds.each(2000, random -> {
            Lsn lsn = any(random);

            assertThat(Lsn.parse(lsn.toString())).isEqualTo(lsn);
            assertThat(Lsn.parse(lsn.toString().toLowerCase(Locale.ROOT))).isEqualTo(lsn);
            assertThat(Lsn.fromHex16(lsn.hex16())).isEqualTo(lsn);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "16",
                "16/",
                "/16",
                "16/B374D8489",
                "123456789/0",
                "-1/0",
                "+1/0",
                " 1/0",
                "1/0 ",
                "1/0/0",
                "0x1/0",
                "g/0",
                "1/٣",
                "1\\0",
                "1/0\n"
            })
    void parse_anythingElse_isRefusedAndNeverAZero(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Lsn.parse(text)).withMessageContaining("no LSN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "16/B374D848", "00000016B374D848", "00000016b374d84", "00000016b374d8480"})
    void fromHex16_otherForms_areRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Lsn.fromHex16(text));
    }

    @Test
    void compareTo_isTheOrderOfUnsignedNumbersAndOfNames() {
        Seeds.each(2000, random -> {
            Lsn one = any(random);
            Lsn other = any(random);
            int expected = unsigned(one).compareTo(unsigned(other));

            assertThat(Integer.signum(one.compareTo(other))).isEqualTo(expected);
            assertThat(one.isBefore(other)).isEqualTo(expected < 0);
            assertThat(one.isAfter(other)).isEqualTo(expected > 0);
            assertThat(Integer.signum(one.hex16().compareTo(other.hex16()))).isEqualTo(expected);
        });
    }

    @Test
    void distance_andPlus_undoEachOther() {
        Seeds.each(500, random -> {
            Lsn one = any(random);
            Lsn other = any(random);

            assertThat(other.plus(one.distanceFrom(other))).isEqualTo(one);
        });
        assertThat(Lsn.parse("1/0").distanceFrom(Lsn.parse("0/FFFFFFF8"))).isEqualTo(8);
        assertThat(Lsn.parse("0/FFFFFFF8").distanceFrom(Lsn.parse("1/0"))).isEqualTo(-8);
        assertThat(Lsn.parse("7FFFFFFF/FFFFFFFF").plus(1)).hasToString("80000000/0");
    }

    @Test
    void alignedDown_givesTheMultipleBefore() {
        assertThat(Lsn.parse("1/80002001").alignedDown(8192)).hasToString("1/80002000");
        assertThat(Lsn.parse("FFFFFFFF/FFFFFFFF").alignedDown(16 << 20)).hasToString("FFFFFFFF/FF000000");
        assertThat(Lsn.parse("0/5").alignedDown(1)).hasToString("0/5");
        assertThatIllegalArgumentException().isThrownBy(() -> Lsn.INVALID.alignedDown(0));
        assertThatIllegalArgumentException().isThrownBy(() -> Lsn.INVALID.alignedDown(24));
    }

    @Test
    void isValid_onlyZeroIsNot() {
        assertThat(Lsn.INVALID.isValid()).isFalse();
        assertThat(Lsn.parse("80000000/0").isValid()).isTrue();
    }

    // small and large ones, and such as differ in one half only
    static Lsn any(RandomGenerator random) {
        long value = random.nextLong();
        return new Lsn(
                switch (random.nextInt(4)) {
                    case 0 -> value;
                    case 1 -> value >>> random.nextInt(64);
                    case 2 -> value << random.nextInt(64);
                    default -> (value & 3) << 62 | value >>> 60;
                });
    }

    private static BigInteger unsigned(Lsn lsn) {
        return new BigInteger(Long.toUnsignedString(lsn.value()));
    }
}
