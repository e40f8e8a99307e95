package io.tidemark.kmip.tls;

import io.tidemark.kmip.KmipException.TlsRefused;
import io.tidemark.kmip.KmipException.TlsRefused.Check;
import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/** Why we do not accept a server's certificate, in words; JSSE carries it out of the handshake as a cause. */
final class RefusedServer extends CertificateException {
    private static final long serialVersionUID = 1L;

    private final TlsRefused.Check check;
    private final String hint;

    RefusedServer(Check check, String found, String hint, @Nullable Throwable cause) {
        super(found, cause);
        this.check = check;
        this.hint = hint;
    }

    Check check() {
        return check;
    }

    String hint() {
        return hint;
    }
}
