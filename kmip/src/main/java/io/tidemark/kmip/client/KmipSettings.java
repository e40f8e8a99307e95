package io.tidemark.kmip.client;

import io.tidemark.kmip.ttlv.TtlvLimits;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/**
 * Whom a client calls, and how patiently. How long a handshake may take is said with the other things of TLS.
 *
 * @param hosts of one and the same key service, in the order of preference
 * @param connectTimeout up to the TCP connection, for each address of a host
 * @param requestTimeout from the last byte of a request that was sent to the last of its answer
 * @param deadline of a whole operation, with all that is tried again; a shorter one can be given with each
 * @param limits of every answer
 */
public record KmipSettings(
        List<KmipHost> hosts,
        Duration connectTimeout,
        Duration requestTimeout,
        Duration deadline,
        PoolSettings pool,
        TtlvLimits limits) {
    private static final int MOST_HOSTS = 16;
    private static final Duration LONGEST = Duration.ofDays(1);

    /** @throws IllegalArgumentException where there is no host, one twice, or a time that is none */
    public KmipSettings {
        hosts = List.copyOf(hosts);
        if (hosts.isEmpty() || hosts.size() > MOST_HOSTS) {
            throw new IllegalArgumentException("1 to " + MOST_HOSTS + " hosts, not " + hosts.size());
        }
        if (new HashSet<>(hosts).size() < hosts.size()) {
            throw new IllegalArgumentException("a host is named twice: " + hosts);
        }
        requirePositive("connect timeout", connectTimeout);
        requirePositive("request timeout", requestTimeout);
        requirePositive("deadline", deadline);
    }

    /** 5 s to connect, 30 s for a request, 60 s for all; the standard pool and limits. */
    public static KmipSettings of(List<KmipHost> hosts) {
        return new KmipSettings(
                hosts,
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                PoolSettings.STANDARD,
                TtlvLimits.STANDARD);
    }

    public KmipSettings withHosts(List<KmipHost> others) {
        return new KmipSettings(others, connectTimeout, requestTimeout, deadline, pool, limits);
    }

    public KmipSettings withConnectTimeout(Duration timeout) {
        return new KmipSettings(hosts, timeout, requestTimeout, deadline, pool, limits);
    }

    public KmipSettings withRequestTimeout(Duration timeout) {
        return new KmipSettings(hosts, connectTimeout, timeout, deadline, pool, limits);
    }

    public KmipSettings withDeadline(Duration total) {
        return new KmipSettings(hosts, connectTimeout, requestTimeout, total, pool, limits);
    }

    public KmipSettings withPool(PoolSettings other) {
        return new KmipSettings(hosts, connectTimeout, requestTimeout, deadline, other, limits);
    }

    public KmipSettings withLimits(TtlvLimits other) {
        return new KmipSettings(hosts, connectTimeout, requestTimeout, deadline, pool, other);
    }

    static void requirePositive(String what, Duration time) {
        if (time.isNegative() || time.isZero() || time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a " + what + " of " + time);
        }
    }
}
