package io.tidemark.pipeline;

import io.tidemark.pipeline.config.RepositoryPlace.Bucket;
import io.tidemark.pipeline.config.RepositoryPlace.BucketIdentity;
import io.tidemark.pipeline.config.SecretReference;
import io.tidemark.sinks.decorator.RetryPolicy;
import io.tidemark.sinks.s3.PartMemory;
import io.tidemark.sinks.s3.S3Connection;
import io.tidemark.sinks.s3.S3Credentials;
import io.tidemark.sinks.s3.S3Store;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import reactor.core.scheduler.Scheduler;

/**
 * The clients of the buckets that the configuration names, one each, opened when first asked for: a class of its own, so
 * that a command without buckets loads nothing of the SDK. They end with the process: closing them would cut off those that
 * throw away what a cancelled put has uploaded.
 */
final class Buckets {
    private final S3Connection.Tools tools;
    private final Map<String, String> environment;
    private final Map<Bucket, S3Connection> open = new LinkedHashMap<>();

    /** @param partRetry how parts of a multipart upload are sent again */
    Buckets(Scheduler files, Clock clock, Random random, RetryPolicy partRetry, Map<String, String> environment) {
        this.tools = new S3Connection.Tools(
                new PartMemory(PartMemory.BYTES), files, () -> partRetry.retry("put a part", random, files), clock);
        this.environment = environment;
    }

    /** The store of a cluster's root. */
    S3Store store(Bucket bucket, String cluster) {
        return open.computeIfAbsent(
                        bucket, place -> S3Connection.open(place.s3(), credentials(place.identity()), tools))
                .store(cluster);
    }

    private S3Credentials credentials(BucketIdentity identity) {
        if (identity instanceof BucketIdentity.KeyPair pair) {
            return new S3Credentials.Given(
                    description(pair.accessKey()),
                    () -> new S3Credentials.KeyPair(
                            secret("access-key", pair.accessKey()), secret("secret-key", pair.secretKey())));
        }
        return new S3Credentials.DefaultChain(((BucketIdentity.Chain) identity).profile());
    }

    private String secret(String what, SecretReference reference) {
        char[] read = reference.read(what, environment);
        try {
            return new String(read);
        } finally {
            Arrays.fill(read, '\0');
        }
    }

    private static String description(SecretReference reference) {
        return reference instanceof SecretReference.OfFile file
                ? "file:" + file.path()
                : "env:" + ((SecretReference.OfEnvironment) reference).name();
    }
}
