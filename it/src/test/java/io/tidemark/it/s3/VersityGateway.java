package io.tidemark.it.s3;

import io.tidemark.it.child.ChildServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.opentest4j.TestAbortedException;

/**
 * versitygw on a directory: of the servers that run without Docker the one that behaves as S3 does in conditional writes, checksums,
 * versions and Object Lock. It is made with {@code go install}, which takes minutes of CPU, so at effort 1 only one that is there is
 * used: named by the system property {@code tidemark.versitygw}, or where {@code go install} puts it.
 */
public final class VersityGateway implements S3Server, AutoCloseable {
    private static final Identity OWNER = new Identity("tidemark-owner", "owner-secret-of-a-test");
    private static final String MODULE = "github.com/versity/versitygw/cmd/versitygw@v1.8.0";

    private final int port = ChildServer.freePort();
    private final ChildServer process;
    private final AtomicInteger buckets = new AtomicInteger();

    /**
     * Starts one.
     *
     * @param program   its executable file
     * @param directory an empty one
     */
    VersityGateway(Path program, Path directory) {
        try {
            Files.createDirectories(directory.resolve("data"));
            Files.createDirectories(directory.resolve("versions"));
            Files.createDirectories(directory.resolve("iam"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process = new ChildServer(
                List.of(
                        program.toString(),
                        "--port",
                        "127.0.0.1:" + port,
                        "--quiet",
                        "--keep-alive",
                        "--iam-dir",
                        directory.resolve("iam").toString(),
                        "posix",
                        "--versioning-dir",
                        directory.resolve("versions").toString(),
                        directory.resolve("data").toString()),
                Map.of("ROOT_ACCESS_KEY", OWNER.accessKey(), "ROOT_SECRET_KEY", OWNER.secretKey()),
                List.of(port),
                directory.resolve("versitygw.log"));
        process.start();
    }

    /**
     * Its executable file.
     *
     * @throws TestAbortedException if there is none, with what it needs
     */
    static Path program() {
        String named = System.getProperty("tidemark.versitygw", "");
        if (!named.isEmpty()) {
            return Path.of(named);
        }
        Path own = Path.of(System.getProperty("tidemark.root"), "it/target/go/bin/versitygw");
        Path home = Path.of(System.getProperty("user.home"), "go/bin/versitygw");
        if (Files.isExecutable(own) || Files.isExecutable(home)) {
            return Files.isExecutable(own) ? own : home;
        }
        if (Integer.getInteger("tidemark.effort", 1) <= 1) {
            throw new TestAbortedException("needs versitygw: go install " + MODULE + ", or an effort above 1");
        }
        return install(own);
    }

    private static Path install(Path program) {
        ProcessBuilder builder = new ProcessBuilder("go", "install", MODULE).inheritIO();
        builder.environment().put("GOBIN", program.getParent().toString());
        try {
            Process go = builder.start();
            if (!go.waitFor(20, TimeUnit.MINUTES) || go.exitValue() != 0) {
                go.destroyForcibly();
                throw new TestAbortedException("needs versitygw: go install " + MODULE + " did not succeed");
            }
            return program;
        } catch (IOException e) {
            throw new TestAbortedException("needs a Go toolchain", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String name() {
        return "versitygw";
    }

    @Override
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
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
        return newBucket(Map.of());
    }

    /** A bucket with versions and Object Lock. */
    public String newLockedBucket() {
        return newBucket(Map.of("x-amz-bucket-object-lock-enabled", "true"));
    }

    private String newBucket(Map<String, String> headers) {
        String bucket = "bucket-" + buckets.incrementAndGet();
        HttpResponse<String> answer =
                new SignedRequests(endpoint(), OWNER).send("PUT", "/" + bucket, Map.of(), headers, "");
        if (answer.statusCode() != 200) {
            throw new AssertionError("no bucket: " + answer.statusCode() + " " + answer.body());
        }
        return bucket;
    }

    @Override
    public void close() {
        process.kill();
    }
}
