/**
 * Servers for tests: they speak PostgreSQL's real bytes on real sockets, and what a test tells them to.
 * Start with {@link io.tidemark.pipeline.postgres.testing.ScriptedPostgres}; ServerBytes has the messages.
 * Flow: test -> script a connection -> bytes on a loopback socket -> the client under test.
 * Never mocks, and never waits for luck.
 * Source: PostgreSQL 17, Frontend/Backend Protocol.
 */
@NullMarked
package io.tidemark.pipeline.postgres.testing;

import org.jspecify.annotations.NullMarked;
