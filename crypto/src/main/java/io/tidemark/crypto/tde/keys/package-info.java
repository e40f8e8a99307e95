/**
 * pg_tde's key files, read and written: which key is for what, and the keys in them. Pure.
 * Start with {@link io.tidemark.crypto.tde.keys.RelationKeyFile} and {@link io.tidemark.crypto.tde.keys.WalKeyFile}; a principal key from a {@link io.tidemark.crypto.tde.keys.KeyRing} or a KMS opens them.
 * Flow: bytes of a file -> PrincipalKeyHeader and entries -> unwrap with the principal key -> InternalKey, and back.
 * Never reads a file, never says a byte of a key, and never guesses: a version that is not known is refused.
 * Source: pg_tde 2.2.0 and 2.1.2, src/access/pg_tde_tdemap.c, src/access/pg_tde_xlog_keys.c, src/keyring/keyring_file.c.
 */
@NullMarked
package io.tidemark.crypto.tde.keys;

import org.jspecify.annotations.NullMarked;
