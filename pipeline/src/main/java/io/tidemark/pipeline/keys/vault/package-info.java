/**
 * Keys in Vault or OpenBao, in a KV store of version 2, where pg_tde keeps its principal keys too.
 * Start with {@link io.tidemark.pipeline.keys.vault.VaultKeyProvider}; one request is a {@link VaultRequest}.
 * Flow: token file, trusted certificates, addresses -> HTTPS, one connection a request -> status and JSON -> FetchedKey.
 * Never follows a redirect, never goes on without the server's certificate and name, and says neither token nor key.
 * Source: Vault's HTTP API, KV secrets engine version 2; pg_tde 2.2.0, src/keyring/keyring_vault.c.
 */
@NullMarked
package io.tidemark.pipeline.keys.vault;

import org.jspecify.annotations.NullMarked;
