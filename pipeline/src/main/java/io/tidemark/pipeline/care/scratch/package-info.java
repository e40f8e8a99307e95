/**
 * Scratch PostgreSQL servers: unpacked, made, started, stopped and thrown away, for the demo and for tests.
 * Start with {@link io.tidemark.pipeline.care.scratch.PostgresServer}; a {@link io.tidemark.pipeline.care.scratch.ScratchDirectory} holds it all.
 * Flow: PostgresArchive -> directory of binaries -> PostgresServer, run by Programs as an Account that PostgreSQL accepts.
 * Never touches a server or a directory that it did not make, and never runs one as root.
 * Source: PostgreSQL 17, initdb and pg_ctl.
 */
@NullMarked
package io.tidemark.pipeline.care.scratch;

import org.jspecify.annotations.NullMarked;
