/**
 * Scenarios on real PostgreSQL servers: archive, back up, break, restore, and look whether it is what it was.
 * Start with {@link io.tidemark.it.PointInTimeTest}; {@link io.tidemark.it.Lab} makes servers, {@link io.tidemark.it.Ledger} the data.
 * Flow: Lab -> Cluster (server, configuration, repository) -> Ledger (load, with a log of what was committed) -> RestoredCluster.
 * Never does the product's work itself: every step goes through the installed launcher, as on a real host.
 * Source: ARCHITECTURE.md, 3 Invariants.
 */
@NullMarked
package io.tidemark.it;

import org.jspecify.annotations.NullMarked;
