package io.tidemark.pipeline.config;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One key provider, {@code keys.provider.<name>}. */
public sealed interface KeyProviderSettings {
    String name();

    /**
     * Keys in a file (FORMAT.md section 4, key file; or pg_tde's key ring).
     *
     * @param file absolute; to be read with {@link PrivateFile}, which refuses a file that others can read
     */
    record FromFile(String name, Path file) implements KeyProviderSettings {}

    /**
     * Keys in a KV store of version 2 of Vault.
     *
     * @param address scheme, host and perhaps port; http only for this host itself
     * @param mount without slashes at its ends
     * @param tokenFile absolute; to be read with {@link PrivateFile}
     * @param namespace null for none
     * @param trust certificates in PEM, absolute; null for those that Java trusts
     */
    record InVault(
            String name,
            URI address,
            String mount,
            Path tokenFile,
            @Nullable String namespace,
            @Nullable Path trust) implements KeyProviderSettings {}
}
