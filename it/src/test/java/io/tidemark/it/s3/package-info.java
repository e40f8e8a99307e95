/**
 * S3 servers that are none of ours, as child processes, and what all of them have to do for the store over S3.
 * Start with {@link io.tidemark.it.s3.S3Servers}; what each of the servers lacks is in it/README.md.
 * Flow: S3Servers (one a run, on loopback ports) -> S3Server.newBucket (one a test) -> ObjectStoreContract.
 * Never puts a server's jars on a class path of ours: they are another program.
 * Source: Amazon S3 API reference (2006-03-01).
 */
@NullMarked
package io.tidemark.it.s3;

import org.jspecify.annotations.NullMarked;
