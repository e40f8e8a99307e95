/**
 * pg_tde's key files: what lies where in them, and the keys in them. Pure.
 * Start with {@link io.tidemark.crypto.tde.keys.KeyRing}, where principal keys lie; what they wrap comes beside it.
 * Flow: bytes of a file -> KeyRing -> KeyRingEntry, a principal key.
 * Never reads a file, and never says a byte of a key.
 * Source: pg_tde 2.2.0, src/keyring/keyring_file.c.
 */
@NullMarked
package io.tidemark.crypto.tde.keys;

import org.jspecify.annotations.NullMarked;
