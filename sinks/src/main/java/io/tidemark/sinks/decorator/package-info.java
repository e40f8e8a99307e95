/**
 * What lies around any store, one concern each and the same port: trying again, limits of speed, counting.
 * Start with {@link io.tidemark.sinks.decorator.RetryingStore}; what it does in time is {@link io.tidemark.sinks.decorator.RetryPolicy}.
 * Flow: caller -> ThrottledStore -> RetryingStore -> MeteredStore -> store.
 * Never looks into content, and never answers for the store: what comes back is what it said.
 * Source: STYLE.md sections R8 and S3; FORMAT.md section 2 for lost answers.
 */
@NullMarked
package io.tidemark.sinks.decorator;

import org.jspecify.annotations.NullMarked;
