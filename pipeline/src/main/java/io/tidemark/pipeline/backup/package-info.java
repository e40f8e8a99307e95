/**
 * The verb backup: a data directory becomes packs, layouts and, last of all, a manifest.
 * Start with {@link io.tidemark.pipeline.backup.DirectoryBackup}; {@code DataDirectory} says what belongs to a backup.
 * Flow: DataDirectory -> SourceWalk -> ChunkReading -> ChunkWork -> Packing -> RepositoryPut -> ManifestMaking.
 * Never restores, and never writes a name under {@code wal/}: that is archiving's.
 * Source: docs/FORMAT.md section 5; PostgreSQL 17, src/backend/backup/basebackup.c for what is left out.
 */
@NullMarked
package io.tidemark.pipeline.backup;

import org.jspecify.annotations.NullMarked;
