/**
 * The sealing keyset: its keys, what is derived from them, and how it is kept once per recipient. Pure.
 * Start with {@link io.tidemark.crypto.keyset.SealingKeyset}; {@link io.tidemark.crypto.keyset.Generation} is its file.
 * Flow: Generation.parse -> Recipient.unwrap -> SealingKeyset.open -> SealingKey, KeysetDerivations.
 * Never decides which generation counts or fetches a key: that is the work of whoever lists the repository.
 * Source: docs/FORMAT.md section 4; RFC 9180 (HPKE); ANSI X9.24-1 (check values).
 */
@NullMarked
package io.tidemark.crypto.keyset;

import org.jspecify.annotations.NullMarked;
