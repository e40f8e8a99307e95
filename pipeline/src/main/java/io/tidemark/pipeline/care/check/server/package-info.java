/**
 * Probes of the server: connection, role, settings, archiving.
 * Start with {@link io.tidemark.pipeline.care.check.server.SettingProbes}, which judge what the server says of itself.
 * Flow: SQL -> ServerState -> pure judgement; and a replication connection, and a segment sent round, by themselves.
 * Never changes a setting: it says the line that would.
 * Source: PostgreSQL 17, Continuous Archiving; CLI.md, check.
 */
@NullMarked
package io.tidemark.pipeline.care.check.server;

import org.jspecify.annotations.NullMarked;
