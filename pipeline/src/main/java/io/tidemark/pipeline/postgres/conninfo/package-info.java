/**
 * Where a server is and how it is reached, in libpq's words: connection strings, service files, password files. Pure but for small
 * files that are read where a method says so.
 * Start with {@link io.tidemark.pipeline.postgres.conninfo.HostAddress}.
 * Flow: connection string, PG* environment, service file -> keywords -> the records of this package.
 * Never connects, and never prints a password.
 * Source: PostgreSQL 17, libpq: Database Connection Control Functions; The Password File; The Connection Service File.
 */
@NullMarked
package io.tidemark.pipeline.postgres.conninfo;

import org.jspecify.annotations.NullMarked;
