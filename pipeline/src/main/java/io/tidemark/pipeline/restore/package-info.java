/**
 * Brings a cluster back: a plan first, then the data directory, ready for PostgreSQL to start and to recover to the target.
 * Start with {@link Restore}; {@link RestoreRequest} is what was asked, {@link RestorePlan} what will be done.
 * Flow: Inventory (one listing) -> TimelineChoice, backup -> ManifestSurvey, WalReach -> RestorePlan -> files, pg_control last.
 * Never writes before the plan is whole, never outside the places that the plan names, never over what is there.
 * Source: docs/FORMAT.md section 5; PostgreSQL 17, Recovering Using a Continuous Archive Backup.
 */
@NullMarked
package io.tidemark.pipeline.restore;

import org.jspecify.annotations.NullMarked;
