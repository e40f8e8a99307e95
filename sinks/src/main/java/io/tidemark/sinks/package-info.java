/**
 * The port to object stores: where sealed objects are put, and come back from. It knows bytes and names, nothing of PostgreSQL.
 * Start with {@link io.tidemark.sinks.ObjectStore}; its promises are a numbered list.
 * Flow: ObjectBody -> putIfAbsent -> PutOutcome; ObjectName, ByteRange -> get -> ByteBuf.
 * Never retries, caches or interprets content: decorators and the pipeline do.
 * Source: FORMAT.md sections 1, 7 and 8.
 */
@NullMarked
package io.tidemark.sinks;

import org.jspecify.annotations.NullMarked;
