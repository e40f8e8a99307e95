/**
 * Keys of servers, kept in memory for a while, so that a command asks once and archiving goes on while a server is away.
 * Start with {@link io.tidemark.pipeline.keys.cache.CachingKeyProvider}; {@link io.tidemark.pipeline.keys.cache.CacheBounds} is how far it may go.
 * Flow: fetch -> KeyWaiter -> CachedKey, or else KeyFlight -> the provider behind -> a CachedKey, and a copy for each who waits.
 * Never keeps a failure, nor writes a key anywhere; a kept key is used alone only where the provider says that nobody answers.
 * Source: ARCHITECTURE.md section 3 (invariant 9).
 */
@NullMarked
package io.tidemark.pipeline.keys.cache;

import org.jspecify.annotations.NullMarked;
