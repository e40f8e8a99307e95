/**
 * Removes what interrupted runs have left in a repository.
 * Start with {@link io.tidemark.pipeline.care.repair.Repair}.
 * Flow: leftovers, unfinished backups -> decision -> RepairReport.
 * Never deletes WAL, keys, or anything of a backup before the manifest that gives it up is there.
 * Source: FORMAT.md sections 1 and 5, "One name decides".
 */
@NullMarked
package io.tidemark.pipeline.care.repair;

import org.jspecify.annotations.NullMarked;
