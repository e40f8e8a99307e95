/**
 * S3 for tests, over real sockets: a server that keeps objects in memory and does what a script tells it to do wrong.
 * Start with {@link io.tidemark.sinks.testing.s3.ScriptedS3}; {@link io.tidemark.sinks.testing.s3.S3Fault} is what can go wrong.
 * Flow: socket -> HttpHead -> S3Request -> S3Fault -> Bucket -> S3Answer -> socket.
 * Never verifies signatures, and never stands in for a server in a contract: it shows how a client takes what servers answer.
 * Source: Amazon S3 API reference (2006-03-01), RFC 9112.
 */
@NullMarked
package io.tidemark.sinks.testing.s3;

import org.jspecify.annotations.NullMarked;
