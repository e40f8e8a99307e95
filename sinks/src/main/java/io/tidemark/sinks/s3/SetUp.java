package io.tidemark.sinks.s3;

import io.tidemark.sinks.StoreException;
import io.tidemark.sinks.StoreUnsuitable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import software.amazon.awssdk.http.TlsTrustManagersProvider;

/** What can go wrong before the first request: certificates, regions. Blocks, briefly. */
final class SetUp {
    private SetUp() {}

    /** Trust in the certificates of this PEM file, and in no others. */
    static TlsTrustManagersProvider trusting(Path pem) {
        try (InputStream file = Files.newInputStream(pem)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(file)) {
                trusted.setCertificateEntry("trusted-" + number++, certificate);
            }
            if (number == 0) {
                throw new StoreUnsuitable("s3.trust " + pem + " holds no certificate", null);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            TrustManager[] managers = factory.getTrustManagers();
            return () -> managers.clone();
        } catch (IOException | GeneralSecurityException e) {
            throw new StoreUnsuitable("s3.trust " + pem + " cannot be read: " + e.getMessage(), e);
        }
    }

    static RuntimeException refused(S3Settings settings, RuntimeException e) {
        if (e instanceof StoreException) {
            return e;
        }
        return new StoreUnsuitable(
                "no client for bucket " + settings.bucket() + ": " + e.getMessage()
                        + "\nHINT: name the bucket's region with the repository's s3.region",
                e);
    }
}
