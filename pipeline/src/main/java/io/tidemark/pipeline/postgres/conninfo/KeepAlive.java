package io.tidemark.pipeline.postgres.conninfo;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a TCP connection finds out that its peer is gone; null is the system's own value. All but the probes themselves only where
 * Netty's native library is. Source: PostgreSQL 17, libpq, keepalives and the parameters below it.
 *
 * @param userTimeout after which unacknowledged data ends the connection
 */
public record KeepAlive(
        Probes probes,
        @Nullable Duration idle,
        @Nullable Duration interval,
        @Nullable Integer count,
        @Nullable Duration userTimeout) {

    public static final KeepAlive SYSTEM = new KeepAlive(Probes.ON, null, null, null, null);

    /** Whether the system asks a silent peer at all. */
    public enum Probes {
        ON,
        OFF
    }
}
