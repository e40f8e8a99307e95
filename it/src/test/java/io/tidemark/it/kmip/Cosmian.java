package io.tidemark.it.kmip;

import io.tidemark.kmip.testing.Pki;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.opentest4j.TestAbortedException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/** Cosmian KMS in a container, its KMIP over TLS, its keys in the container's SQLite. */
final class Cosmian implements KmsServer {
    private static final DockerImageName IMAGE = DockerImageName.parse("ghcr.io/cosmian/kms:5.26.0");
    private static final int PORT = 5696;

    private final Pki pki;
    private final GenericContainer<?> container;
    private int mappedPort;

    private Cosmian(Pki pki) {
        this.pki = pki;
        container = new GenericContainer<>(IMAGE)
                .withEnv("KMS_DATABASE_TYPE", "sqlite")
                .withEnv("KMS_SOCKET_SERVER_START", "true")
                .withEnv("KMS_SOCKET_SERVER_PORT", Integer.toString(PORT))
                .withEnv("KMS_TLS_P12_FILE", "/etc/kms-test/server.p12")
                .withEnv("KMS_TLS_P12_PASSWORD", Pki.PASSWORD)
                .withEnv("KMS_CLIENTS_CA_CERT_FILE", "/etc/kms-test/ca.crt")
                .withCopyToContainer(Transferable.of(serverKeys(pki)), "/etc/kms-test/server.p12")
                .withCopyToContainer(Transferable.of(bytes(pki.file("ca.crt"))), "/etc/kms-test/ca.crt")
                .withExposedPorts(PORT);
    }

    /**
     * Starts one.
     *
     * @throws TestAbortedException if no Docker engine answers
     */
    static Cosmian startedIn(Path directory) {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            throw new TestAbortedException("needs: a Docker engine, for " + IMAGE);
        }
        Cosmian server = new Cosmian(Pki.in(directory));
        server.container.start();
        server.mappedPort = server.container.getMappedPort(PORT);
        return server;
    }

    /** It wants its certificate and key in one PKCS#12 file. */
    private static byte[] serverKeys(Pki pki) {
        char[] password = Pki.PASSWORD.toCharArray();
        try (InputStream chain = Files.newInputStream(pki.file("server.crt"))) {
            Certificate certificate = CertificateFactory.getInstance("X.509").generateCertificate(chain);
            String pem = Files.readString(pki.file("server.key"), StandardCharsets.US_ASCII);
            byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
            PrivateKey key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", key, password, new Certificate[] {certificate});
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            store.store(out, password);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String name() {
        return IMAGE.asCanonicalNameString();
    }

    @Override
    public Manner manner() {
        return Manner.COSMIAN;
    }

    @Override
    public String host() {
        return container.getHost();
    }

    @Override
    public int port() {
        return mappedPort;
    }

    @Override
    public Pki pki() {
        return pki;
    }

    @Override
    public String lastLog() {
        String all = container.getLogs();
        return all.substring(Math.max(0, all.length() - 6_000));
    }

    @Override
    public void close() {
        container.stop();
    }
}
