package io.tidemark.pipeline.postgres;

/** What a connection is for. */
public enum SessionMode {
    /** Physical replication: the commands of the replication protocol and {@code SHOW}; no database, no SQL. */
    REPLICATION,
    /** An ordinary session in a database. */
    SQL
}
