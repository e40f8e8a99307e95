/**
 * A KMIP server for tests, over real TLS: it answers by a function of the bytes that it gets, and does what a script tells it to do wrong.
 * Start with {@link io.tidemark.kmip.testing.ScriptedKmipServer}; {@link io.tidemark.kmip.testing.Reply} and {@link io.tidemark.kmip.testing.Door} are what can go wrong, {@link io.tidemark.kmip.testing.ScriptedKms} keeps keys.
 * Flow: socket -> Door -> TLS -> KmipRequest -> Answerer -> Reply -> socket.
 * Never knows a key or a name of its own: what it answers comes from the test, from what a test had it keep, or from recordings of real servers.
 * Source: OASIS KMIP 1.4, TTLV Encoding; the recordings say which server made them.
 */
@NullMarked
package io.tidemark.kmip.testing;

import org.jspecify.annotations.NullMarked;
