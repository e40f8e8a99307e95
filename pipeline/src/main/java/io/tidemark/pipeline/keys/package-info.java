/**
 * Where keys come from, and the way to a repository's sealing keyset.
 * Start with {@link io.tidemark.pipeline.keys.KeysetAccess}; where single keys come from is {@code provider} and what lies beside it.
 * Flow: list keys/ -> Generation -> key of an identity -> SealingKeyset, held against commitment and root -> Repository.
 * Never logs, prints or stores a key; decides nothing about recipients: that is the work of {@code care}.
 * Source: FORMAT.md section 4; ARCHITECTURE.md sections 3 (invariant 9) and 5.
 */
@NullMarked
package io.tidemark.pipeline.keys;

import org.jspecify.annotations.NullMarked;
