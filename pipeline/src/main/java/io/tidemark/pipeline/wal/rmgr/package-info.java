/**
 * What the main data of WAL records say: those of the resource managers XLOG, XACT and 140, which is pg_tde's.
 * Start with {@link io.tidemark.pipeline.wal.rmgr.MainData#of}; XlogData, XactData and TdeData are the closed sets of what it finds.
 * Flow: WalRecord -> MainData.of -> a record of facts, or NotRead, which says why not.
 * Pure; holds no bytes of what it read, and no key material: signatures and tags are passed over.
 * Source: PostgreSQL 15 to 18, catalog/pg_control.h, access/xlog_internal.h, xact.h; pg_tde 2.2.0, pg_tde_xlog.h.
 */
@NullMarked
package io.tidemark.pipeline.wal.rmgr;

import org.jspecify.annotations.NullMarked;
