/**
 * Where a byte of a PostgreSQL cluster is: values only, in PostgreSQL's own spelling. Pure.
 * Start with {@link io.tidemark.crypto.postgres.Lsn}; {@link io.tidemark.crypto.postgres.WalSegmentName} ties it to files.
 * Flow: text -> parse(…) -> value -> toString() gives the same text.
 * Never signed: LSNs, timelines and segment numbers are unsigned and compare so.
 * Source: PostgreSQL 17, src/include/access/xlog_internal.h and src/common/relpath.c.
 */
@NullMarked
package io.tidemark.crypto.postgres;

import org.jspecify.annotations.NullMarked;
