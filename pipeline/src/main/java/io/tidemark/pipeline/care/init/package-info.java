/**
 * A cluster's roots, made: keyset, marker, the probe of the store.
 * Start with {@link io.tidemark.pipeline.care.init.Initialise}; {@link io.tidemark.pipeline.care.init.InitReport} is what it did.
 * Flow: look at each root -> the keyset that one has, or a new one -> generations and marker into each root.
 * Never overwrites, and never makes a keyset beside objects that are there already.
 * Source: FORMAT.md sections 1, 4 and 7.
 */
@NullMarked
package io.tidemark.pipeline.care.init;

import org.jspecify.annotations.NullMarked;
