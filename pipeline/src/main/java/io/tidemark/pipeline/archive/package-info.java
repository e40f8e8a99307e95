/**
 * What PostgreSQL runs once a file: archive-push and archive-get.
 * Start with {@link io.tidemark.pipeline.archive.WalArchiver}; {@link io.tidemark.pipeline.archive.WalFetcher} is its way back.
 * Flow: pg_wal file -> checks -> SealedObjects of every repository; repository -> SealedObjects -> destination file, durable.
 * Must never say "durable" or "absent" of what it does not know: both end in a lost or an early-promoted cluster.
 * Source: docs/ARCHITECTURE.md, section 3, invariants 1 to 4; PostgreSQL 17, xlogarchive.c, shell_archive.c.
 */
@NullMarked
package io.tidemark.pipeline.archive;

import org.jspecify.annotations.NullMarked;
