/**
 * The messages of PostgreSQL's frontend/backend protocol 3.0. Pure: bytes in, messages out, and back.
 * Start with {@link io.tidemark.pipeline.postgres.message.MessageReader}; BackendMessage is the closed set of its results.
 * Flow: ByteBuf -> MessageReader -> BackendMessage; FrontendMessage -> ByteBuf.
 * Never knows what may come when: that is the exchanges' work.
 * Source: PostgreSQL 17, Frontend/Backend Protocol, Message Formats.
 */
@NullMarked
package io.tidemark.pipeline.postgres.message;

import org.jspecify.annotations.NullMarked;
