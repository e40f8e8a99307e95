/**
 * Tests of what lies around a store.
 * Start with {@link io.tidemark.sinks.decorator.RetryingStoreTest}: the contract, then every fault that a store can have.
 * Flow: contract or StepVerifier -> decorator -> FaultyStore -> MemoryStore, in virtual time.
 * Never waits: seconds and days are turned by hand.
 * Source: FORMAT.md section 2, STYLE.md sections R8 and R10.
 */
@NullMarked
package io.tidemark.sinks.decorator;

import org.jspecify.annotations.NullMarked;
