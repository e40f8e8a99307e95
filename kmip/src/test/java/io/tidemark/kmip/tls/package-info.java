/**
 * Tests of TLS to key servers.
 * Start with {@link io.tidemark.kmip.tls.ServerChecksTest} and {@link io.tidemark.kmip.tls.ClientChecksTest}: one test for each thing that either side refuses.
 * Flow: files of {@link io.tidemark.kmip.testing.Pki} -> KmipTls -> a scripted server.
 * Never says what a real server does: `it` asks those.
 * Source: RFC 8446, RFC 5246, RFC 9525.
 */
@NullMarked
package io.tidemark.kmip.tls;

import org.jspecify.annotations.NullMarked;
