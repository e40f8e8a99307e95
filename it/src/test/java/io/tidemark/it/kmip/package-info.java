/**
 * Key servers that are none of ours, and what the client of {@code kmip} makes of them.
 * Start with {@link io.tidemark.it.kmip.KmsServer}; what each of the servers lacks is in it/README.md.
 * Flow: a server (one a test class, on a loopback port) -> KmsScenarios, the same for all -> what only this server shows.
 * Never says what a client does with broken bytes: the scripted server of kmip's test-jar does.
 * Source: KMIP 1.4 and 2.1 specifications; what servers really do was measured.
 */
@NullMarked
package io.tidemark.it.kmip;

import org.jspecify.annotations.NullMarked;
