package io.tidemark.pipeline.postgres;

import java.util.Locale;

/** {@code DBState} of pg_control, in its numbers' order. Source: PostgreSQL 17, src/include/catalog/pg_control.h. */
public enum DatabaseState {
    STARTING_UP,
    SHUT_DOWN,
    SHUT_DOWN_IN_RECOVERY,
    SHUTTING_DOWN,
    IN_CRASH_RECOVERY,
    IN_ARCHIVE_RECOVERY,
    IN_PRODUCTION;

    /** Whether a server that was shut down cleanly left it. */
    public boolean isShutDown() {
        return this == SHUT_DOWN || this == SHUT_DOWN_IN_RECOVERY;
    }

    /** As pg_controldata prints it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
