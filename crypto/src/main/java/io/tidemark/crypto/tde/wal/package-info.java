/**
 * pg_tde's encryption of WAL: which bytes are encrypted with which key, and the cipher. Pure.
 * Start with {@link io.tidemark.crypto.tde.wal.WalRangeTable}; {@link io.tidemark.crypto.tde.wal.WalCipher} applies it to bytes.
 * Flow: WalKeyFile and principal key -> WalRangeTable -> WalCipher: WAL at a location -> the same bytes opened or closed.
 * Never looks into WAL, and never judges what comes out: without authentication noise is noise to whoever reads the records.
 * Source: pg_tde 2.2.0, src/access/pg_tde_xlog_smgr.c and src/encryption/enc_tde.c.
 */
@NullMarked
package io.tidemark.crypto.tde.wal;

import org.jspecify.annotations.NullMarked;
