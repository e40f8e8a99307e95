package io.tidemark.sinks.s3;

import io.tidemark.sinks.testing.s3.S3Fault;
import io.tidemark.sinks.testing.s3.ScriptedS3;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/** A scripted server and a connection to it. */
final class Scripted implements AutoCloseable {
    static final int PART = PartPlan.LEAST_PART;
    static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

    final ScriptedS3 server;
    final PartMemory memory = new PartMemory(PartPlan.GREATEST_PART);
    final AtomicReference<S3Credentials.KeyPair> keys =
            new AtomicReference<>(new S3Credentials.KeyPair("AKIATEST", "very-secret-indeed"));
    private final Scheduler files = Schedulers.newBoundedElastic(8, 10_000, "files");
    private final S3Connection connection;

    Scripted(WriteOptions write, S3Fault... faults) {
        this(write, S3Settings.Payer.OWNER, ScriptedS3.BUCKET, faults);
    }

    Scripted(WriteOptions write, S3Settings.Payer payer, String bucket, S3Fault... faults) {
        server = ScriptedS3.playing(faults);
        connection = S3Connection.open(
                new S3Settings(
                        bucket,
                        "p/",
                        "eu-west-3",
                        server.endpoint(),
                        S3Settings.Addressing.PATH,
                        null,
                        write,
                        payer,
                        PART),
                new S3Credentials.Given("file:/etc/keys", keys::get),
                new S3Connection.Tools(
                        memory,
                        files,
                        () -> Retry.fixedDelay(2, Duration.ofMillis(1)),
                        Clock.fixed(NOW, ZoneOffset.UTC)));
    }

    S3Store store() {
        return store("prod");
    }

    S3Store store(String root) {
        return connection.store(root);
    }

    @Override
    public void close() {
        connection.close();
        server.close();
        files.dispose();
    }
}
