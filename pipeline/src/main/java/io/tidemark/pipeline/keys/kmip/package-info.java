/**
 * Keys at a KMIP server: those that pg_tde registered there, and those of Tidemark's own.
 * Start with {@link io.tidemark.pipeline.keys.kmip.KmipKeyProvider}; {@link io.tidemark.pipeline.keys.kmip.KmipServers} makes the clients.
 * Flow: KeyReference -> Locate -> Get (Export where its state forbids that) -> FetchedKey; or Encrypt and Decrypt, the key staying there.
 * Never takes a key because it came first, never looks for one by its state, and makes none where a server only did not answer.
 * Source: KMIP.md (how pg_tde names its keys, what servers say); FORMAT.md section 4.
 */
@NullMarked
package io.tidemark.pipeline.keys.kmip;

import org.jspecify.annotations.NullMarked;
