package io.tidemark.kmip.tls;

import io.tidemark.kmip.KmipException.FilesUnusable;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who we are to a server: a private key, the certificate that belongs to it, and the intermediates that lead to its authority. */
public final class ClientIdentity {
    private static final String OPERATION = "read";

    private final PrivateKey key;
    private final List<X509Certificate> chain;

    private ClientIdentity(PrivateKey key, List<X509Certificate> chain) {
        this.key = key;
        this.chain = chain;
    }

    /**
     * Reads the files: blocks, for as long as a pass phrase's key derivation takes.
     *
     * @param certificates the certificate and its intermediates in any order
     * @param key the private key; null where it is in the same file
     * @throws FilesUnusable where a file cannot be read, or key and certificate are no pair
     */
    public static ClientIdentity read(Path certificates, @Nullable Path key, TlsFiles.Password password) {
        Path keyFile = key == null ? certificates : key;
        Credentials secret = Credentials.read(keyFile, Credentials.Wanted.CERTIFICATES_AND_KEYS, password);
        Credentials shown = keyFile.equals(certificates)
                ? secret
                : Credentials.read(certificates, Credentials.Wanted.CERTIFICATES, password);
        if (secret.keys().size() != 1) {
            throw new UnusableFile(
                            secret.keys().isEmpty()
                                    ? "it holds no private key"
                                    : "it holds " + secret.keys().size() + " private keys, expected one",
                            "name the file of the client's private key")
                    .of(OPERATION, keyFile);
        }
        if (shown.certificates().isEmpty()) {
            throw new UnusableFile("it holds no certificate", "name the file of the client's certificate")
                    .of(OPERATION, certificates);
        }
        return paired(secret.keys().get(0), shown.certificates(), certificates, keyFile);
    }

    private static ClientIdentity paired(PrivateKey key, List<X509Certificate> found, Path certificates, Path keyFile) {
        try {
            for (X509Certificate certificate : found) {
                if (PrivateKeys.belong(key, certificate.getPublicKey())) {
                    return new ClientIdentity(key, chain(certificate, found));
                }
            }
        } catch (GeneralSecurityException e) {
            throw new UnusableFile(
                            "its private key signs nothing: " + e.getMessage(), "use RSA, or EC on P-256 or P-384")
                    .of(OPERATION, keyFile);
        }
        throw new UnusableFile(
                        "it is for another private key than that of " + keyFile + ": "
                                + CertificateFacts.of(found.get(0)).shown(),
                        "name certificate and key of one pair; when they are renewed, replace both")
                .of(OPERATION, certificates);
    }

    /** The certificate and who issued it, each once, whatever else lies in the file. */
    private static List<X509Certificate> chain(X509Certificate own, List<X509Certificate> found) {
        List<X509Certificate> chain = new ArrayList<>();
        X509Certificate next = own;
        while (next != null) {
            chain.add(next);
            next = issuer(next, found, chain);
        }
        return List.copyOf(chain);
    }

    private static @Nullable X509Certificate issuer(
            X509Certificate of, List<X509Certificate> found, List<X509Certificate> taken) {
        return found.stream()
                .filter(candidate -> candidate.getSubjectX500Principal().equals(of.getIssuerX500Principal()))
                .filter(candidate -> !taken.contains(candidate))
                .findFirst()
                .orElse(null);
    }

    /** What our own certificate says. */
    public CertificateFacts facts() {
        return CertificateFacts.of(chain.get(0));
    }

    PrivateKey key() {
        return key;
    }

    List<X509Certificate> chain() {
        return chain;
    }

    /** The owner of keys, as servers see it; never the key. */
    @Override
    public String toString() {
        return "ClientIdentity[" + facts().shown() + "]";
    }
}
