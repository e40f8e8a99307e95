package io.tidemark.it.s3;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.opentest4j.TestAbortedException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** MinIO in a container. */
final class Minio implements S3Server, AutoCloseable {
    private static final DockerImageName IMAGE = DockerImageName.parse("minio/minio:RELEASE.2025-09-07T16-13-09Z");
    private static final Identity OWNER = new Identity("tidemark-owner", "owner-secret-of-a-test");
    private static final int PORT = 9000;

    private final GenericContainer<?> container;
    private final AtomicInteger buckets = new AtomicInteger();

    /**
     * Starts one.
     *
     * @throws TestAbortedException if no Docker engine answers
     */
    Minio() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            throw new TestAbortedException("needs a Docker engine, for " + IMAGE);
        }
        container = new GenericContainer<>(IMAGE)
                .withEnv("MINIO_ROOT_USER", OWNER.accessKey())
                .withEnv("MINIO_ROOT_PASSWORD", OWNER.secretKey())
                .withCommand("server", "/data")
                .withExposedPorts(PORT)
                .waitingFor(Wait.forHttp("/minio/health/ready").forPort(PORT));
        container.start();
    }

    @Override
    public String name() {
        return "MinIO";
    }

    @Override
    public URI endpoint() {
        return URI.create("http://" + container.getHost() + ":" + container.getMappedPort(PORT));
    }

    @Override
    public Identity owner() {
        return OWNER;
    }

    @Override
    public Optional<Path> authority() {
        return Optional.empty();
    }

    @Override
    public String newBucket() {
        String bucket = "bucket-" + buckets.incrementAndGet();
        int answer = new SignedRequests(endpoint(), OWNER)
                .send("PUT", "/" + bucket, Map.of(), Map.of(), "")
                .statusCode();
        if (answer != 200) {
            throw new AssertionError("no bucket: " + answer);
        }
        return bucket;
    }

    @Override
    public void close() {
        container.stop();
    }
}
