/**
 * The object-store port: immutable objects by name, created by put-if-absent, in a directory or elsewhere.
 * Start with {@code ObjectStore}, whose Javadoc lists what every store promises; {@code ObjectStoreContract} tests it.
 * Flow: ObjectBody -> ObjectStore.putIfAbsent -> PutOutcome; ObjectName -> ObjectStore.get -> buffers.
 * Never knows what the bytes mean: no PostgreSQL, no cryptography.
 * Source: docs/FORMAT.md, sections 7 and 8.
 */
@NullMarked
package io.tidemark.sinks;

import org.jspecify.annotations.NullMarked;
