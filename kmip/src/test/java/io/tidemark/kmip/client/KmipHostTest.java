package io.tidemark.kmip.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class KmipHostTest {
    @ParameterizedTest
    @CsvSource({
        "kms.example.com, kms.example.com, 5696, kms.example.com:5696",
        "kms:9998, kms, 9998, kms:9998",
        "192.0.2.1:5696, 192.0.2.1, 5696, 192.0.2.1:5696",
        "[2001:db8::1]:5697, 2001:db8::1, 5697, [2001:db8::1]:5697",
        "[::1], ::1, 5696, [::1]:5696",
        "2001:db8::1, 2001:db8::1, 5696, [2001:db8::1]:5696",
    })
    void text_isReadAndPrinted_andReadAgain(String text, String name, int port, String printed) {
        KmipHost host = KmipHost.parse(text);

        assertThat(host).isEqualTo(new KmipHost(name, port)).hasToString(printed);
        assertThat(KmipHost.parse(host.toString())).isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":5696",
                "kms:",
                "kms:0",
                "kms:65536",
                "kms:-1",
                "kms:５",
                "kms:5696x",
                "a b",
                "[::1",
                "[::1]5696",
                "https://kms:5696",
                "user@kms",
                "::1::2",
                "kms\n",
                "1:2:3"
            })
    void whatIsNoHost_isRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> KmipHost.parse(text));
    }
}
