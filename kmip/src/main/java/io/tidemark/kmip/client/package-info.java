/**
 * Talks to key servers: connections, versions, hosts that fail and come back; a {@code Mono} for each operation.
 * Start with {@link io.tidemark.kmip.client.KmipClient}; a {@link io.tidemark.kmip.client.KmipSettings} says whom it calls and how patiently.
 * Flow: RequestPayload -> Failover -> Host -> Pool -> Connection -> TLS -> FrameReader -> Connection -> answer.
 * Never starts a thread, blocks an event loop, logs a message or goes on with a connection that broke a rule.
 * Source: KMIP 1.4 specification, Transport and Discover Versions; servers' habits: KMIP.md sections 0, 10, 11, 12.
 */
@NullMarked
package io.tidemark.kmip.client;

import org.jspecify.annotations.NullMarked;
