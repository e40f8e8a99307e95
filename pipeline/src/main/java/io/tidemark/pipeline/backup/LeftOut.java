package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.catalog.manifest.FilePath;
import java.util.Set;

/**
 * What no backup holds, because a server makes it anew or would be misled by it. PostgreSQL 17,
 * src/backend/backup/basebackup.c, {@code excludeFiles} and {@code excludeDirContents}.
 */
final class LeftOut {
    private static final String TEMPORARY_PREFIX = "pgsql_tmp";
    private static final String RELATION_CACHE = "pg_internal.init";

    private static final Set<String> TOP_ENTRIES = Set.of(
            "postmaster.pid",
            "postmaster.opts",
            "backup_label",
            "tablespace_map",
            "backup_manifest",
            "postgresql.auto.conf.tmp",
            "current_logfiles.tmp",
            // made by mkfs where the data directory is a mount point, and root's
            "lost+found");

    private static final Set<String> CONTENTS = Set.of(
            "pg_dynshmem",
            "pg_notify",
            "pg_replslot",
            "pg_serial",
            "pg_snapshots",
            "pg_stat_tmp",
            "pg_subtrans",
            "pg_wal/archive_status",
            "pg_wal/summaries");

    private static final Set<String> POSTGRES_DIRECTORIES = Set.of(
            "base",
            "global",
            "pg_commit_ts",
            "pg_logical",
            "pg_multixact",
            "pg_stat",
            "pg_tblspc",
            "pg_tde",
            "pg_twophase",
            "pg_xact");

    private LeftOut() {}

    /** Whether the entry itself is left out, and all below it. */
    static boolean entry(FilePath path) {
        String name = path.name();
        return name.startsWith(TEMPORARY_PREFIX)
                || name.startsWith(RELATION_CACHE)
                || path.isAtTop() && TOP_ENTRIES.contains(name);
    }

    /** Whether only the directory is kept, empty. */
    static boolean content(FilePath path) {
        return CONTENTS.contains(path.toString());
    }

    /** Whether a server's own files are there: a link in such a place would hide data from the backup. */
    static boolean isPostgresOwn(FilePath path) {
        String text = path.toString();
        int slash = text.indexOf('/');
        return POSTGRES_DIRECTORIES.contains(slash < 0 ? text : text.substring(0, slash)) || text.equals("PG_VERSION");
    }
}
