/**
 * The port behind which keys are kept, and what every place that keeps them has in common.
 * Start with {@link io.tidemark.pipeline.keys.provider.KeyProvider}; a {@link io.tidemark.pipeline.keys.provider.FetchedKey} is what it gives.
 * Flow: KeyReference -> (cache) -> file, Vault, KMIP server -> FetchedKey, which the subscriber closes.
 * Never logs, prints or stores a key; knows nothing of keysets.
 * Source: FORMAT.md section 4; ARCHITECTURE.md section 3 (invariant 9).
 */
@NullMarked
package io.tidemark.pipeline.keys.provider;

import org.jspecify.annotations.NullMarked;
