/**
 * What the packages below share: bytes that must not leak, and the ways in which opening can fail. Pure.
 * Start with {@link io.tidemark.crypto.SecretBytes}; {@link io.tidemark.crypto.CryptoException} is the closed set of failures.
 * Flow: bytes of a key -> SecretBytes -> keyset.SealingKeyset -> seal.Sealer and seal.Unsealer.
 * Never fetches a key, reads a file or starts a thread: callers hand over values.
 * Source: docs/FORMAT.md sections 2 and 4.
 */
@NullMarked
package io.tidemark.crypto;

import org.jspecify.annotations.NullMarked;
