package io.tidemark.pipeline.postgres;

/** Which of several hosts will do. Source: PostgreSQL 17, libpq, target_session_attrs. */
public enum TargetSessionAttributes {
    ANY,
    READ_WRITE,
    READ_ONLY,
    PRIMARY,
    STANDBY,
    PREFER_STANDBY
}
