/**
 * What PostgreSQL says of itself: its control file, and a client of its protocol for queries, replication commands and base backups.
 * Start with {@link io.tidemark.pipeline.postgres.PostgresClient}, which makes a PostgresConnection; PgControl is the control file.
 * Flow: conninfo (where) -> wire (socket, TLS, demand) -> startup (who) -> messages -> BaseBackupMessage, QueryResult; no demand, no read.
 * Never decides anything about backups: that is the verbs' work.
 * Source: PostgreSQL 17, Frontend/Backend Protocol; Streaming Replication Protocol; src/include/catalog/pg_control.h.
 */
@NullMarked
package io.tidemark.pipeline.postgres;

import org.jspecify.annotations.NullMarked;
