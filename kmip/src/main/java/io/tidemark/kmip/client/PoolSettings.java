package io.tidemark.kmip.client;

import java.time.Duration;

/**
 * How many connections one client keeps to one host.
 *
 * @param connectionsPerHost at most; made when they are needed
 * @param depth how many requests may be under way on one connection, once there are no more connections to be had: servers answer in
 *     order, one after the other
 * @param idle an idle connection is closed after so long, and a new one made when it is needed: firewalls forget what is silent
 */
public record PoolSettings(int connectionsPerHost, int depth, Duration idle) {
    /** What one process needs: 4 connections, 8 requests on each, 30 s. */
    public static final PoolSettings STANDARD = new PoolSettings(4, 8, Duration.ofSeconds(30));

    private static final int MOST_CONNECTIONS = 64;
    private static final int MOST_DEPTH = 64;

    /** @throws IllegalArgumentException where a number is out of its range */
    public PoolSettings {
        if (connectionsPerHost < 1 || connectionsPerHost > MOST_CONNECTIONS) {
            throw new IllegalArgumentException(
                    "1 to " + MOST_CONNECTIONS + " connections per host, not " + connectionsPerHost);
        }
        if (depth < 1 || depth > MOST_DEPTH) {
            throw new IllegalArgumentException("1 to " + MOST_DEPTH + " requests on a connection, not " + depth);
        }
        KmipSettings.requirePositive("idle time", idle);
    }
}
