package io.tidemark.kmip.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TlsOptionsTest {
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.1", "TLSv1", "SSLv3", "tlsv1.3"})
    void protocols_below12_areRefused(String protocol) {
        assertThatThrownBy(() -> TlsOptions.STANDARD.withProtocols(List.of("TLSv1.2", protocol)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TLS_DH_anon_WITH_AES_128_GCM_SHA256",
                "TLS_RSA_WITH_NULL_SHA256",
                "SSL_RSA_EXPORT_WITH_RC4_40_MD5"
            })
    void ciphers_thatProtectNothing_areRefused(String cipher) {
        assertThatThrownBy(() -> TlsOptions.STANDARD.withCiphers(List.of(cipher)))
                .hasMessage("cipher suite " + cipher + " protects nothing");
    }

    @Test
    void handshakeTimeout_ofNoTime_isRefused() {
        assertThatThrownBy(() -> TlsOptions.STANDARD.withHandshakeTimeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(TlsOptions.STANDARD.handshakeTimeout()).isEqualTo(Duration.ofSeconds(10));
    }
}
