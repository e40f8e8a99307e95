package io.tidemark.it.s3.bench;

import io.tidemark.it.s3.Identity;
import io.tidemark.pipeline.config.RepositoryPlace;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.decorator.RetryListener;
import io.tidemark.sinks.decorator.RetryPolicy;
import io.tidemark.sinks.decorator.RetryingStore;
import io.tidemark.sinks.s3.PartMemory;
import io.tidemark.sinks.s3.S3Connection;
import io.tidemark.sinks.s3.S3Credentials;
import io.tidemark.sinks.s3.S3Store;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The connections that the commands of one identity share, as the product's have theirs. */
final class Buckets implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Identity identity;
    private final RetryPolicy policy;
    private final Scheduler timer = Schedulers.newSingle("bench-timer", /* daemon= */ true);
    private final PartMemory memory = new PartMemory(PartMemory.BYTES);
    private final S3Connection.Tools tools;
    private final Map<RepositoryPlace.Bucket, S3Connection> open = new ConcurrentHashMap<>();

    /** @param deadline of one operation on a store */
    Buckets(Identity identity, Scheduler files, Duration deadline) {
        this.identity = identity;
        this.policy = new RetryPolicy(Duration.ofMillis(10), Duration.ofMillis(200), deadline, Duration.ofMillis(800));
        this.tools = new S3Connection.Tools(
                memory, files, () -> policy.retry("put a part", RANDOM, files), Clock.systemUTC());
    }

    ObjectStore store(RepositoryPlace.Bucket place, String cluster) {
        return patient(bare(place, cluster));
    }

    S3Store bare(RepositoryPlace.Bucket place, String cluster) {
        return open.computeIfAbsent(
                        place,
                        bucket -> S3Connection.open(
                                bucket.s3(),
                                new S3Credentials.Given(
                                        "a test",
                                        () -> new S3Credentials.KeyPair(identity.accessKey(), identity.secretKey())),
                                tools))
                .store(cluster);
    }

    ObjectStore patient(ObjectStore store) {
        RetryListener quiet = (operation, why, pause) -> {};
        return new RetryingStore(store, policy, RANDOM, timer, quiet);
    }

    /** Bytes that no put holds. */
    long freeMemory() {
        return memory.free();
    }

    @Override
    public void close() {
        open.values().forEach(S3Connection::close);
        timer.dispose();
    }
}
