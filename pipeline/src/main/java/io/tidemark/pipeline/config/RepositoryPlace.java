package io.tidemark.pipeline.config;

import io.tidemark.sinks.s3.S3Settings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where a repository is. */
public sealed interface RepositoryPlace {

    /** For messages: where the root of this cluster is. */
    String of(String cluster);

    /**
     * A local directory.
     *
     * @param directory absolute; the cluster's root is the directory {@code <cluster>} in it
     */
    record Directory(Path directory) implements RepositoryPlace {
        @Override
        public String of(String cluster) {
            return directory.resolve(cluster).toString();
        }
    }

    /**
     * A bucket.
     *
     * @param singleWriter the only node that may write, where the store has no conditional writes; null for all
     */
    record Bucket(
            S3Settings s3,
            BucketIdentity identity,
            @Nullable String singleWriter) implements RepositoryPlace {
        @Override
        public String of(String cluster) {
            return "s3://" + s3.bucket() + "/" + s3.prefix() + cluster;
        }
    }

    /** Whose credentials are used for a bucket. */
    sealed interface BucketIdentity {
        /**
         * Amazon's default chain.
         *
         * @param profile null for what {@code AWS_PROFILE} says
         */
        record Chain(@Nullable String profile) implements BucketIdentity {}

        /** A key pair of the configuration's own. */
        record KeyPair(SecretReference accessKey, SecretReference secretKey) implements BucketIdentity {}
    }
}
