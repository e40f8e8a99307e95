/**
 * One connection: sockets, TLS, and messages that are read only as they are asked for.
 * Start with {@link io.tidemark.pipeline.postgres.wire.Dialer}, which makes a Wire; a Wire's exchange is one question and its answer.
 * Flow: socket -> TLS -> MessageDecoder -> SessionHandler -> Exchange (demand) -> subscriber; no demand, no read.
 * Never knows what a query or a backup is.
 * Source: PostgreSQL 17, Frontend/Backend Protocol, Message Flow.
 */
@NullMarked
package io.tidemark.pipeline.postgres.wire;

import org.jspecify.annotations.NullMarked;
