package io.tidemark.pipeline.keys.provider;

import reactor.core.publisher.Mono;

/**
 * A place that keeps keys: a file, a KMIP server, Vault. Every implementation passes {@code KeyProviderContract}:
 *
 * <ul>
 *   <li>{@code fetch} does nothing until it is subscribed to, and asks anew at each subscription ({@link
 *       io.tidemark.pipeline.keys.cache.CachingKeyProvider a cache}
 *       within the bounds that it is given): a key that was withdrawn or replaced is not used on. It may be called from any
 *       thread, and does not block the one that subscribes.
 *   <li>It emits exactly one {@link FetchedKey}, <b>given</b>: the subscriber closes it. What arrives after a cancel is
 *       closed by the provider.
 *   <li>A reference with a check value is answered by a key of that check value or by an error, never by another key. A
 *       reference with a unique identifier is answered by that object, whatever its name is now, or by one of the same
 *       check value. Where several fit and nothing tells them apart, it is an error: no key is taken because it came first.
 *   <li>Errors: {@code KeysFailed} (exit 5), whose {@code reason()} keeps apart what is absent, denied, unreachable,
 *       untrusted, ambiguous, wrong, in the wrong state and lost; {@code UsageError} (exit 2) for what the configuration
 *       says wrong, such as a file that others can read. Messages name provider, place and key, and never hold key bytes,
 *       passwords or tokens, whatever a server answers.
 *   <li>Each fetch ends by a deadline of the provider's own; retries and connections are its own too.
 * </ul>
 *
 * <p>A key that must not leave its KMS is not fetched: {@link KeyWrapper}.
 */
public interface KeyProvider {
    /** The name that the configuration gives it, {@code keys.provider.<name>}. */
    String name();

    /** One key; contract above. */
    Mono<FetchedKey> fetch(KeyReference reference);
}
