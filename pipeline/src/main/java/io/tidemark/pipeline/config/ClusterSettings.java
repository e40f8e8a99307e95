package io.tidemark.pipeline.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One cluster, {@code cluster.<name>}.
 *
 * @param dataDirectory absolute, as written: links are resolved by who uses it; null where the command works without (restore)
 * @param root 32 lower-case hex digits that {@code init} printed; null where none is configured
 * @param node {@code [a-z0-9-]{1,63}}; null for the default, see {@link NodeName}
 * @param connection libpq's keywords or URI, without a password; null where none is configured
 */
public record ClusterSettings(
        String name,
        @Nullable Path dataDirectory,
        @Nullable String root,
        @Nullable String node,
        @Nullable String connection) {

    /** The data directory, or the error that says how to configure it. */
    public Path requireDataDirectory() {
        if (dataDirectory == null) {
            throw new UsageError(
                    "cluster." + name + ".data-directory is not configured",
                    "write it into the configuration file, or give --set cluster." + name + ".data-directory=DIR");
        }
        return dataDirectory;
    }
}
