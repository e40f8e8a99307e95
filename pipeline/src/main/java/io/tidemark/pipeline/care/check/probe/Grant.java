package io.tidemark.pipeline.care.check.probe;

/** What the role that Tidemark connects as may do. */
public enum Grant {
    SUPERUSER,
    /** The role's attribute: base backups and {@code IDENTIFY_SYSTEM}. */
    REPLICATION,
    /** {@code pg_read_all_settings}: settings that name files. */
    READ_SETTINGS,
    /** {@code pg_read_all_stats}: other sessions, the walsenders among them. */
    READ_STATISTICS,
    /** {@code EXECUTE} on {@code pg_switch_wal()}. */
    SWITCH_WAL,
    /** {@code EXECUTE} on {@code pg_create_restore_point(text)}. */
    CREATE_RESTORE_POINT
}
