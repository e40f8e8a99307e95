/**
 * Probes of the repositories: keyset, store, closure.
 * Start with {@link io.tidemark.pipeline.care.check.store.CheckedRepository}; each probe is a class.
 * Flow: a configured repository -> opened by the probe -> findings.
 * Never writes outside {@code index/check/}, and takes away what it has written.
 * Source: FORMAT.md sections 1, 4 and 5; CLI.md, check.
 */
@NullMarked
package io.tidemark.pipeline.care.check.store;

import org.jspecify.annotations.NullMarked;
