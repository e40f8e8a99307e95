package io.tidemark.kmip.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.KmipException.Attempt;
import io.tidemark.kmip.KmipException.FilesUnusable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.X509TrustedCertificateBlock;
import org.jspecify.annotations.Nullable;

/**
 * What one file holds, in the order in which it holds it. PEM begins with dashes somewhere, DER with a SEQUENCE that is a certificate
 * or a PKCS#12 store. PKCS#12 is read by BouncyCastle because the JDK overlooks trusted certificates that OpenSSL wrote.
 */
record Credentials(List<X509Certificate> certificates, List<PrivateKey> keys) {
    /** Of certificate bundles of whole operating systems, the largest have a third of it. */
    private static final int MOST_BYTES = 1 << 20;

    private static final String OPERATION = "read";
    private static final int DER_SEQUENCE = 0x30;

    /** What is looked for; keys may be encrypted and need a password. */
    enum Wanted {
        CERTIFICATES,
        CERTIFICATES_AND_KEYS
    }

    Credentials {
        certificates = List.copyOf(certificates);
        keys = List.copyOf(keys);
    }

    /** Blocks. */
    static Credentials read(Path file, Wanted wanted, TlsFiles.Password password) {
        byte[] content = content(file);
        char @Nullable [] secret = secret(file, password);
        try {
            return parse(content, wanted, secret);
        } catch (UnusableFile e) {
            throw e.of(OPERATION, file);
        } finally {
            Arrays.fill(content, (byte) 0);
            if (secret != null) {
                Arrays.fill(secret, '\0');
            }
        }
    }

    private static byte[] content(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MOST_BYTES + 1);
            if (content.length > MOST_BYTES) {
                throw unusable(file, "it has more than " + MOST_BYTES + " bytes", "name a file of certificates", null);
            }
            return content;
        } catch (NoSuchFileException e) {
            throw unusable(file, "there is no such file", "restore it, or name another one", e);
        } catch (AccessDeniedException e) {
            throw unusable(file, "it may not be read by this user", "give the user that runs this the right", e);
        } catch (IOException e) {
            throw unusable(file, "it cannot be read: " + e.getMessage(), "name a readable file", e);
        }
    }

    private static char @Nullable [] secret(Path file, TlsFiles.Password password) {
        try {
            return password.read();
        } catch (IOException e) {
            throw unusable(file, "its password cannot be read: " + e, "see to the file of the password", e);
        }
    }

    private static FilesUnusable unusable(Path file, String found, String hint, @Nullable Throwable cause) {
        return new KmipException.FilesUnusable(new Attempt(OPERATION, file.toString()), found, hint, cause);
    }

    private static Credentials parse(byte[] content, Wanted wanted, char @Nullable [] password) throws UnusableFile {
        if (content.length == 0) {
            throw new UnusableFile("it is empty", "restore it from where it came");
        }
        if (content[0] != DER_SEQUENCE) {
            return pem(content, wanted, password);
        }
        X509Certificate single = certificate(content);
        return single != null ? new Credentials(List.of(single), List.of()) : pkcs12(content, wanted, password);
    }

    @SuppressWarnings("UnusedException") // BouncyCastle's may quote lines of a key
    private static Credentials pem(byte[] content, Wanted wanted, char @Nullable [] password) throws UnusableFile {
        List<X509Certificate> certificates = new ArrayList<>();
        List<PrivateKey> keys = new ArrayList<>();
        int objects = 0;
        try (PEMParser parser = new PEMParser(new InputStreamReader(new ByteArrayInputStream(content), ISO_8859_1))) {
            for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
                objects++;
                if (object instanceof X509CertificateHolder certificate) {
                    certificates.add(converted(certificate));
                } else if (object instanceof X509TrustedCertificateBlock trusted) {
                    certificates.add(converted(trusted.getCertificateHolder()));
                } else if (wanted == Wanted.CERTIFICATES_AND_KEYS && PrivateKeys.isKey(object)) {
                    keys.add(PrivateKeys.of(object, password));
                }
            }
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            throw new UnusableFile(
                    "block " + (objects + 1) + " of its PEM text cannot be read", "write the file anew with openssl");
        }
        if (objects == 0) {
            throw new UnusableFile(
                    "it is neither PEM nor DER nor PKCS#12", "convert it with openssl x509 or openssl pkey");
        }
        return new Credentials(certificates, keys);
    }

    @SuppressWarnings("UnusedException") // says nothing that the sentence does not
    private static X509Certificate converted(X509CertificateHolder holder) throws UnusableFile {
        try {
            return new JcaX509CertificateConverter().getCertificate(holder);
        } catch (CertificateException e) {
            throw new UnusableFile("a certificate in it cannot be read", "fetch it again from who issued it");
        }
    }

    @SuppressWarnings("UnusedException") // not a certificate is an answer
    private static @Nullable X509Certificate certificate(byte[] der) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            return null;
        }
    }

    @SuppressWarnings("UnusedException") // BouncyCastle's may quote what it could not read
    private static Credentials pkcs12(byte[] content, Wanted wanted, char @Nullable [] password) throws UnusableFile {
        KeyStore store;
        try {
            store = KeyStore.getInstance("PKCS12", new BouncyCastleProvider());
            store.load(new ByteArrayInputStream(content), password == null ? new char[0] : password);
        } catch (IOException e) {
            boolean opens = !(e.getCause() instanceof UnrecoverableKeyException)
                    && !String.valueOf(e.getMessage()).contains("wrong password");
            throw opens
                    ? new UnusableFile("it is neither PEM nor DER nor PKCS#12", "convert it with openssl pkcs12")
                    : new UnusableFile(
                            "the PKCS#12 store does not open with the password", "check the password's file");
        } catch (GeneralSecurityException | IllegalArgumentException | IllegalStateException e) {
            throw new UnusableFile("the PKCS#12 store cannot be read", "write it anew with openssl pkcs12");
        }
        return entries(store, wanted, password);
    }

    @SuppressWarnings("UnusedException") // BouncyCastle's may quote what it could not read
    private static Credentials entries(KeyStore store, Wanted wanted, char @Nullable [] password) throws UnusableFile {
        List<X509Certificate> certificates = new ArrayList<>();
        List<PrivateKey> keys = new ArrayList<>();
        try {
            for (String alias : Collections.list(store.aliases())) {
                Certificate[] chain = store.getCertificateChain(alias);
                Certificate[] found = chain != null ? chain : new Certificate[] {store.getCertificate(alias)};
                for (Certificate certificate : found) {
                    X509Certificate x509 = certificate == null ? null : certificate(certificate.getEncoded());
                    if (x509 != null) {
                        certificates.add(x509);
                    }
                }
                if (wanted == Wanted.CERTIFICATES_AND_KEYS && store.getKey(alias, password) instanceof PrivateKey key) {
                    keys.add(PrivateKeys.of(PrivateKeyInfo.getInstance(key.getEncoded()), null));
                }
            }
        } catch (GeneralSecurityException e) {
            throw PrivateKeys.wrongPassword();
        }
        return new Credentials(certificates, keys);
    }
}
