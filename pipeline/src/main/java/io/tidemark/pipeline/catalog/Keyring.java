package io.tidemark.pipeline.catalog;

import io.tidemark.crypto.keyset.KeysetDerivations;
import io.tidemark.crypto.keyset.SealingKeyset;
import io.tidemark.crypto.seal.SealingKey;
import reactor.core.publisher.Mono;

/**
 * The sealing keyset of one opened root, which may grow while it is in use: another node rotates. Usable from any thread;
 * close it to wipe all keys that it ever gave out.
 */
public interface Keyring extends AutoCloseable {
    /** The newest generation read so far; owned by this keyring. */
    SealingKeyset keyset();

    /** The number of that generation. */
    int generation();

    /** What is derived from the root key, which never changes; owned by this keyring. */
    KeysetDerivations derivations();

    /**
     * The key that new objects are sealed with.
     *
     * @throws io.tidemark.pipeline.config.IntegrityFailed where this node has used a higher generation than the
     *     repository now offers: something was rolled back or deleted
     */
    SealingKey sealing();

    /**
     * Lists {@code keys/} again: the newest keyset afterwards, the same as before where nothing was added. For a reader
     * that has found an object which no key opens, before it calls that object foreign.
     */
    Mono<SealingKeyset> refresh();

    @Override
    void close();
}
