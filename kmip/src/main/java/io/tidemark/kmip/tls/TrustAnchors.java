package io.tidemark.kmip.tls;

import io.tidemark.kmip.KmipException.FilesUnusable;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;

/** The authorities whose servers are trusted: the certificates of one file, and no others. */
public final class TrustAnchors {
    private final List<X509Certificate> certificates;

    private TrustAnchors(List<X509Certificate> certificates) {
        this.certificates = certificates;
    }

    /**
     * Reads the file: blocks.
     *
     * @throws FilesUnusable where it cannot be read or has no certificate
     */
    public static TrustAnchors read(Path file, TlsFiles.Password password) {
        List<X509Certificate> found = Credentials.read(file, Credentials.Wanted.CERTIFICATES, password)
                .certificates();
        if (found.isEmpty()) {
            throw new UnusableFile(
                            "it holds no certificate",
                            "name the file of the authority that issued the server's certificate")
                    .of("read", file);
        }
        return new TrustAnchors(found);
    }

    /** Each anchor, in the order of the file. */
    public List<CertificateFacts> facts() {
        return certificates.stream().map(CertificateFacts::of).toList();
    }

    List<X509Certificate> certificates() {
        return certificates;
    }

    @Override
    public String toString() {
        return "TrustAnchors[" + certificates.size() + "]";
    }
}
