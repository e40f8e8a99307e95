/**
 * The verb backup: a running server or a stopped data directory becomes packs, layouts and, last of all, a manifest.
 * Start with {@link io.tidemark.pipeline.backup.OnlineBackup}, or its twin DirectoryBackup; {@code BackupFlow} is what both do.
 * Flow: ServerSession -> OnlineReading, or DataDirectory -> SourceReading; then ChunkWork -> Packing -> TargetSet -> ManifestMaking.
 * Never restores, and never writes a segment's name under {@code wal/}: that is archiving's; a missed history file is put first.
 * Source: docs/FORMAT.md section 5; PostgreSQL 17, Streaming Replication Protocol and src/backend/backup/basebackup.c.
 */
@NullMarked
package io.tidemark.pipeline.backup;

import org.jspecify.annotations.NullMarked;
