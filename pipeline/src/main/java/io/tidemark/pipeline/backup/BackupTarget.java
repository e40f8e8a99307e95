package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.catalog.SealedObjects;
import io.tidemark.pipeline.config.Requirement;

/**
 * A repository that a backup goes to.
 *
 * @param requirement whether the backup fails without it, or goes on in the others
 */
public record BackupTarget(String name, Requirement requirement, SealedObjects objects) {}
