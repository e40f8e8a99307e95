/**
 * Tidemark's commands in this process, on repositories in buckets, for scenarios of thousands of commands.
 * Start with {@link io.tidemark.it.s3.bench.Commands}.
 * Flow: Commands (a configuration) -> BucketBench (one command's object graph) -> the production's verb -> RetryingStore -> S3Store.
 * Never wires anything in another way than Wiring does, but for shorter pauses.
 * Source: CLI.md.
 */
@NullMarked
package io.tidemark.it.s3.bench;

import org.jspecify.annotations.NullMarked;
