/**
 * Cryptography of the repository and of pg_tde. Pure: bytes in, bytes out, no I/O, no threads, never calls out for a key.
 * Start with {@code seal} (how an object is sealed) and {@code keyset} (with what); {@code postgres} says where a byte is.
 * Flow: SecretBytes -> SealingKeyset -> SealingKey -> Sealer / Unsealer.
 * Must never see Netty, Reactor, files or sockets.
 * Source: docs/FORMAT.md, sections 2 and 4.
 */
@NullMarked
package io.tidemark.crypto;

import org.jspecify.annotations.NullMarked;
