/**
 * What PostgreSQL says of itself: its control file now, its protocols later.
 * Start with {@link io.tidemark.pipeline.postgres.PgControl}.
 * Flow: bytes of {@code global/pg_control} -> PgControl -> what a backup and a restore decide by.
 * Never decides anything about backups: that is the verbs' work.
 * Source: PostgreSQL 13 to 18, src/include/catalog/pg_control.h.
 */
@NullMarked
package io.tidemark.pipeline.postgres;

import org.jspecify.annotations.NullMarked;
