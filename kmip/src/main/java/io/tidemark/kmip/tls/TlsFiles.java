package io.tidemark.kmip.tls;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where certificates and keys lie. Each file may be PEM, a DER certificate or PKCS#12: its content says which.
 *
 * @param trust the authorities whose servers are trusted
 * @param certificate the client's, with its intermediates; null where the client shows none, which few servers accept
 * @param key the client's private key, where it is not in the file of the certificate
 * @param password opens what of these is encrypted
 */
public record TlsFiles(
        Path trust, @Nullable Path certificate, @Nullable Path key, Password password) {

    /** Trust alone, as for a look at what a server shows. */
    public static TlsFiles trusting(Path trust) {
        return new TlsFiles(trust, null, null, Password.NONE);
    }

    /** A certificate and its key in a file of its own. */
    public TlsFiles with(Path clientCertificate, Path clientKey) {
        return new TlsFiles(trust, clientCertificate, clientKey, password);
    }

    /** One file with certificate and key: PKCS#12, or PEM of both. */
    public TlsFiles with(Path certificateAndKey) {
        return new TlsFiles(trust, certificateAndKey, null, password);
    }

    public TlsFiles withPassword(Password other) {
        return new TlsFiles(trust, certificate, key, other);
    }

    /** The first line of a file, which is read again whenever the others are. */
    public TlsFiles withPasswordIn(Path file) {
        return withPassword(new PasswordFile(file));
    }

    List<Path> all() {
        Path secret = password instanceof PasswordFile file ? file.path() : null;
        return Stream.of(trust, certificate, key, secret)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    /** Where a password comes from, each time that it is needed. */
    public interface Password {
        /** There is none. */
        Password NONE = () -> null;

        /** The receiver wipes it. */
        char @Nullable [] read() throws IOException;
    }

    private record PasswordFile(Path path) implements Password {
        @Override
        public char[] read() throws IOException {
            byte[] bytes = Files.readAllBytes(path);
            CharBuffer text = UTF_8.decode(ByteBuffer.wrap(bytes));
            try {
                int end = 0;
                while (end < text.length() && text.get(end) != '\n' && text.get(end) != '\r') {
                    end++;
                }
                char[] password = new char[end];
                text.get(password);
                return password;
            } finally {
                Arrays.fill(bytes, (byte) 0);
                text.clear();
                while (text.hasRemaining()) {
                    text.put('\0');
                }
            }
        }
    }
}
