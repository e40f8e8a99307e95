package io.tidemark.it.s3.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.it.s3.Identity;
import io.tidemark.it.s3.S3Proxy;
import io.tidemark.it.s3.bench.Commands;
import io.tidemark.it.s3.proxy.ChaosProxy;
import io.tidemark.pipeline.backup.FakeCluster;
import io.tidemark.pipeline.wal.MadeSegment;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A cluster, its bucket, and the gate in front of it with an identity for each policy of deploy/policies. */
final class Estate implements AutoCloseable {
    static final String ROOT_NAME = "backups/prod";

    private static final int SEGMENT_BYTES = 1 << 20;
    private static final Pattern ROOT = Pattern.compile("\"root\":\"([0-9a-f]{32})\"");

    private final Path directory;
    private final S3Proxy server;
    private final String bucket;
    private final PolicyGate gate;
    private final ChaosProxy proxy;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final List<Commands> open = new ArrayList<>();
    private int restored;

    Estate(Path directory, S3Proxy server) throws IOException {
        this.directory = directory;
        this.server = server;
        this.bucket = server.http().newBucket();
        this.gate = new PolicyGate(server.http().owner());
        this.proxy = new ChaosProxy(server.http().endpoint());
        proxy.guard(gate);
        FakeCluster.at(directory.resolve("data"), 1);
        Path key = Files.createFile(
                directory.resolve("box.key"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(key, "5a".repeat(32));
        settings.put("cluster.prod.data-directory", directory.resolve("data").toString());
        settings.put("repository.far.s3.bucket", bucket);
        settings.put("repository.far.s3.prefix", "backups/");
        settings.put("repository.far.s3.endpoint", proxy.endpoint().toString());
        settings.put("keys.provider.box.file", key.toString());
        settings.put("keys.recipients.0.provider", "box");
        settings.put("keys.memory", directory.resolve("memory").toString());
        settings.put("archive-get.patience", "0s");
    }

    /** {@code init} by who may make keys. */
    void initialise() {
        Matcher root = ROOT.matcher(as("keys")
                .run("init", "--json", "--without-recovery-key")
                .succeeded()
                .said());
        assertThat(root.find()).isTrue();
        settings.put("cluster.prod.root", root.group(1));
    }

    /** Commands with the credential of one of deploy/policies. */
    Commands as(String policy) {
        return as(policy, Policy.of(policy, bucket, ROOT_NAME));
    }

    Commands as(String name, Policy policy) {
        Commands commands = new Commands(directory, settings, identity(name, policy));
        open.add(commands);
        return commands;
    }

    Identity identity(String policy) {
        return identity(policy, Policy.of(policy, bucket, ROOT_NAME));
    }

    private Identity identity(String name, Policy policy) {
        return gate.let(name, policy);
    }

    String bucket() {
        return bucket;
    }

    URI endpoint() {
        return proxy.endpoint();
    }

    static String name(int number) {
        return String.format("0000000100000000%08X", 0x11 + number);
    }

    /** As archive_command gives it. */
    String offered(int number) throws IOException {
        return Files.write(directory.resolve(name(number)), content(number)).toString();
    }

    private static byte[] content(int number) {
        return MadeSegment.of(name(number), SEGMENT_BYTES, FakeCluster.SYSTEM, number)
                .full();
    }

    /** The segment comes back as it went. */
    void requireFetched(Commands commands, int number) throws IOException {
        Path file = directory.resolve("got");
        commands.run("archive-get", name(number), file.toString()).succeeded();
        assertThat(Files.readAllBytes(file)).isEqualTo(content(number));
        Files.delete(file);
    }

    void requireRestored(Commands commands) throws IOException {
        restored++;
        Path to = directory.resolve("restored-" + restored);
        commands.run("restore", "--to", to.toString(), "--latest").succeeded();
        assertThat(to.resolve("base/5/16432"))
                .hasSameBinaryContentAs(directory.resolve("data").resolve("base/5/16432"));
    }

    /** Every object's bytes, by key, as they lie on the server's disk. */
    Map<String, byte[]> objects() throws IOException {
        Map<String, byte[]> objects = new TreeMap<>();
        Path root = server.files(bucket);
        try (Stream<Path> files = Files.walk(root.resolve("backups"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                objects.put(root.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return objects;
    }

    @Override
    public void close() {
        open.forEach(Commands::close);
        proxy.close();
    }
}
