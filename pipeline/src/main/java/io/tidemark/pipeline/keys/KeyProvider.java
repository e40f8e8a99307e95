package io.tidemark.pipeline.keys;

import io.tidemark.crypto.SecretBytes;
import reactor.core.publisher.Mono;

/**
 * A place that keeps keys which open the sealing keyset: a file, a KMIP server, Vault. Every implementation passes
 * {@code KeyProviderContract}:
 *
 * <ul>
 *   <li>{@code fetch} does nothing until it is subscribed to, and asks anew at each subscription: nothing is cached, so
 *       that a key which was withdrawn or replaced is not used on. It may be called from any thread, and does not block
 *       the one that subscribes.
 *   <li>It emits exactly one {@link SecretBytes} of 16 or 32 bytes, <b>given</b>: the subscriber closes it. What arrives
 *       after a cancel is closed by the provider.
 *   <li>A reference with a check value is answered by a key of that check value or by an error, never by another key. A
 *       reference with a unique identifier is answered by that object, whatever its name is now.
 *   <li>Errors: {@code KeysFailed} (exit 5) for unreachable, missing, denied, wrong state, wrong length or wrong check
 *       value, each in words of its own; {@code UsageError} (exit 2) for what the configuration says wrong, such as a
 *       file that others can read. Messages name provider, host and key, and never hold key bytes.
 *   <li>Timeouts, retries and the pool of connections are the provider's own; the caller has a deadline for the whole.
 * </ul>
 *
 * <p>A key that must not leave its KMS ({@code kmip-encrypt} of FORMAT.md section 4) is not fetched: such a provider will
 * unwrap at the server, as an {@link Identity} of its own kind.
 */
public interface KeyProvider {
    /** The name that the configuration gives it, {@code keys.provider.<name>}. */
    String name();

    /** One key; contract above. */
    Mono<SecretBytes> fetch(KeyReference reference);
}
