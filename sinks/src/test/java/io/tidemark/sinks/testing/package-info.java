/**
 * Stores for tests, and the test that every store passes; other modules use them as a test-jar.
 * Start with {@link io.tidemark.sinks.testing.MemoryStore}; {@link io.tidemark.sinks.testing.FaultyStore} makes it fail.
 * Flow: test -> FaultyStore (faults are values) -> MemoryStore.
 * Never mocks: these stores keep real bytes and the port's promises, but for the faults that were asked for.
 * Source: {@link io.tidemark.sinks.ObjectStore}'s promises.
 */
@NullMarked
package io.tidemark.sinks.testing;

import org.jspecify.annotations.NullMarked;
