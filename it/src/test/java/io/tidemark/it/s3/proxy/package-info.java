/**
 * A proxy in front of an S3 server's plain HTTP: it counts, delays, and goes wrong in the ways that networks and stores do.
 * Start with {@link io.tidemark.it.s3.proxy.ChaosProxy}.
 * Flow: client -> Session (one a connection) -> Gate (may it?) -> FaultPlan (what goes wrong?) -> Exchange -> server -> client.
 * Never changes a request but where a gate signs it anew: the Host field that the client signed goes on as it came.
 * Source: RFC 9112, sections 3 to 6; Amazon S3 API reference (2006-03-01), Error responses.
 */
@NullMarked
package io.tidemark.it.s3.proxy;

import org.jspecify.annotations.NullMarked;
