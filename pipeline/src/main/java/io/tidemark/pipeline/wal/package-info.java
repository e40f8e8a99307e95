/**
 * PostgreSQL's write-ahead log and what identifies its files: names, page headers, record headers, histories, pg_control.
 * Start with {@link io.tidemark.pipeline.wal.SegmentCheck}; {@link io.tidemark.pipeline.wal.WalFileName} is the grammar of names.
 * Flow: bytes of a segment -> SegmentCheck (PageHeader, RecordWalker) -> SegmentReport, or why it must not be archived.
 * Pure: bytes in, values out; never opens a file, never decides what to do with a damaged one.
 * Source: PostgreSQL 15 to 18, src/include/access/xlog_internal.h, xlogrecord.h, catalog/pg_control.h.
 */
@NullMarked
package io.tidemark.pipeline.wal;

import org.jspecify.annotations.NullMarked;
