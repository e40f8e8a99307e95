package io.tidemark.it.s3;

import io.tidemark.it.child.ChildServer;
import io.tidemark.pipeline.postgres.testing.TestAuthority;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * S3Proxy with its {@code filesystem-nio2} backend, over HTTP and HTTPS at once: buckets are directories. It has conditional writes,
 * multipart uploads and checksums of single puts; what it lacks is in it/README.md.
 */
public final class S3Proxy implements AutoCloseable {
    private static final Identity OWNER = new Identity("tidemark-owner", "owner-secret-of-a-test");
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final Path data;
    private final Path authority;
    private final int httpPort = ChildServer.freePort();
    private final int httpsPort = ChildServer.freePort();
    private final ChildServer process;
    private final AtomicInteger buckets = new AtomicInteger();

    /**
     * Starts one.
     *
     * @param directory an empty one that everybody may enter
     */
    S3Proxy(Path directory) {
        try {
            data = Files.createDirectory(directory.resolve("data"));
            TestAuthority signer = new TestAuthority("S3Proxy's authority");
            authority = TestAuthority.pem(directory.resolve("authority.pem"), signer.certificate());
            Files.setPosixFilePermissions(authority, PosixFilePermissions.fromString("rw-r--r--"));
            writeKeys(directory.resolve("keys.p12"), signer.issue("s3proxy", "ip:127.0.0.1"));
            Files.writeString(
                    directory.resolve("s3proxy.properties"), properties(directory), StandardCharsets.ISO_8859_1);
            Files.writeString(directory.resolve("logback.xml"), LOGGING, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process = new ChildServer(
                command(directory), Map.of(), List.of(httpPort, httpsPort), directory.resolve("s3proxy.log"));
        process.start();
    }

    private static List<String> command(Path directory) {
        Path jars = Path.of(System.getProperty("tidemark.root"), "it/s3proxy/target/lib");
        if (!Files.isDirectory(jars)) {
            throw new AssertionError("no jars of S3Proxy in " + jars + ": the build puts them there in verify");
        }
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dlogback.configurationFile=" + directory.resolve("logback.xml"),
                "-cp",
                jars + "/*",
                "org.gaul.s3proxy.Main",
                "--properties",
                directory.resolve("s3proxy.properties").toString());
    }

    private String properties(Path directory) {
        return """
                s3proxy.endpoint=http://127.0.0.1:%d
                s3proxy.secure-endpoint=https://127.0.0.1:%d
                s3proxy.keystore-path=%s
                s3proxy.keystore-password=%s
                s3proxy.authorization=aws-v2-or-v4
                s3proxy.identity=%s
                s3proxy.credential=%s
                jclouds.provider=filesystem-nio2
                jclouds.identity=unused
                jclouds.credential=unused
                jclouds.filesystem.basedir=%s
                """.formatted(
                        httpPort,
                        httpsPort,
                        directory.resolve("keys.p12"),
                        String.valueOf(PASSWORD),
                        OWNER.accessKey(),
                        OWNER.secretKey(),
                        data);
    }

    private static final String LOGGING = """
            <configuration>
              <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
                <encoder><pattern>%d %-5level %logger{20} %msg%n</pattern></encoder>
              </appender>
              <root level="WARN"><appender-ref ref="out"/></root>
            </configuration>
            """;

    private static void writeKeys(Path file, TestAuthority.Issued issued) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "s3proxy", issued.keys().getPrivate(), PASSWORD, new X509Certificate[] {issued.certificate()});
            store.store(out, PASSWORD);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public S3Server http() {
        return new Face("S3Proxy over HTTP", URI.create("http://127.0.0.1:" + httpPort), Optional.empty());
    }

    public S3Server https() {
        return new Face("S3Proxy over HTTPS", URI.create("https://127.0.0.1:" + httpsPort), Optional.of(authority));
    }

    /** Where a bucket's objects lie as files: what S3 would show, and what a test may damage. */
    public Path files(String bucket) {
        return data.resolve(bucket);
    }

    /** kill -9. Nothing answers on its ports until {@link #start}. */
    public void kill() {
        process.kill();
    }

    /** Comes back with the same ports and data. */
    public void start() {
        process.start();
    }

    @Override
    public void close() {
        process.kill();
    }

    /** One of its two endpoints. */
    private final class Face implements S3Server {
        private final String name;
        private final URI endpoint;
        private final Optional<Path> signer;

        Face(String name, URI endpoint, Optional<Path> signer) {
            this.name = name;
            this.endpoint = endpoint;
            this.signer = signer;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public URI endpoint() {
            return endpoint;
        }

        @Override
        public Identity owner() {
            return OWNER;
        }

        @Override
        public Optional<Path> authority() {
            return signer;
        }

        @Override
        public String newBucket() {
            String bucket = "bucket-" + buckets.incrementAndGet();
            try {
                Files.createDirectory(files(bucket));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return bucket;
        }
    }
}
