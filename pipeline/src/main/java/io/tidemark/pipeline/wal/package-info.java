/**
 * PostgreSQL's write-ahead log and what identifies its files: names, page headers, records, histories, pg_control.
 * Start with {@link io.tidemark.pipeline.wal.SegmentCheck} (may it be archived?) and {@link io.tidemark.pipeline.wal.WalReader} (what is in it?).
 * Flow: bytes of segments -> WalReader (PageSequence, RecordAssembler, RecordParts) -> WalRecord; rmgr.MainData says what it means.
 * Pure: bytes in, values out; never opens a file, never decides what to do with a damaged one, believes no length.
 * Source: PostgreSQL 15 to 18, access/xlog_internal.h, xlogrecord.h, catalog/pg_control.h; backend/access/transam/xlogreader.c.
 */
@NullMarked
package io.tidemark.pipeline.wal;

import org.jspecify.annotations.NullMarked;
