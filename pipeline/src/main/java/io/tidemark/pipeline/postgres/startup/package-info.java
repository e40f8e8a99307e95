/**
 * The start of a session: who we are, and how we prove it without giving the proof away.
 * Start with {@link io.tidemark.pipeline.postgres.startup.SessionStart}.
 * Flow: Startup message -> authentication requests -> Authentication (what may be answered) -> answers -> ReadyForQuery.
 * Never sends a password, or what a password can be told from, where it could be read.
 * Source: PostgreSQL 17, Frontend/Backend Protocol, Start-up; SASL Authentication; RFC 5802, 7677, 5929.
 */
@NullMarked
package io.tidemark.pipeline.postgres.startup;

import org.jspecify.annotations.NullMarked;
