/**
 * S3 and what speaks like it as an object store, by the AWS SDK's asynchronous client.
 * Start with {@link io.tidemark.sinks.s3.S3Connection}, which gives {@link io.tidemark.sinks.s3.S3Store}.
 * Flow: ObjectBody -> parts of 8 MiB -> PutObject, or a multipart upload with If-None-Match -> PutOutcome.
 * Never believes an ETag, never takes an error for an absence, never retries a whole operation.
 * Source: FORMAT.md section 8; Amazon S3 API Reference.
 */
@NullMarked
package io.tidemark.sinks.s3;

import org.jspecify.annotations.NullMarked;
