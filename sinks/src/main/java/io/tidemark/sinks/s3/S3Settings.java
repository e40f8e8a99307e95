package io.tidemark.sinks.s3;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a bucket is and how it is spoken to.
 *
 * @param prefix of every key, ends with {@code /} or is empty
 * @param region null where the environment, the profile or the instance says it
 * @param endpoint of a store that is not Amazon's; null for Amazon's own
 * @param trust certificates in PEM that the store's must descend from; null for those that Java trusts
 * @param partBytes the first thousand parts of a multipart upload, and the longest object that goes up in one request;
 *     {@link PartPlan#LEAST_PART} to {@link PartPlan#GREATEST_PART}
 */
public record S3Settings(
        String bucket,
        String prefix,
        @Nullable String region,
        @Nullable URI endpoint,
        Addressing addressing,
        @Nullable Path trust,
        WriteOptions write,
        Payer payer,
        int partBytes) {

    public S3Settings {
        if (bucket.isEmpty() || (!prefix.isEmpty() && !prefix.endsWith("/")) || prefix.startsWith("/")) {
            throw new IllegalArgumentException("bucket '" + bucket + "', prefix '" + prefix + "'");
        }
        new PartPlan(partBytes);
    }

    /** Where the bucket's name stands. */
    public enum Addressing {
        /** In the host name: {@code https://bucket.host/key}. */
        VIRTUAL_HOST,
        /** In the path: {@code https://host/bucket/key}. */
        PATH
    }

    /** Who pays for requests and traffic. */
    public enum Payer {
        OWNER,
        /** This account, as a bucket with requester pays demands. */
        REQUESTER
    }
}
