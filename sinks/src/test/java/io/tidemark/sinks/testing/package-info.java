/**
 * What tests of stores share: fakes that speak real bytes, faults as values, the contract, and the guards against leaks and blocking.
 * Start with {@code ObjectStoreContract}; {@link BufferLeaks} and {@link BlockHoundRules} are on for every test.
 * Flow: MemoryStore -> FaultyStore -> the code under test.
 * Never used by production code: it is a test-jar.
 * Source: docs/FORMAT.md, sections 7 and 8.
 */
@NullMarked
package io.tidemark.sinks.testing;

import org.jspecify.annotations.NullMarked;
