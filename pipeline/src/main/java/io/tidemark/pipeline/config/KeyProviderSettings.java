package io.tidemark.pipeline.config;

import java.nio.file.Path;

/** One key provider, {@code keys.provider.<name>}. */
public sealed interface KeyProviderSettings {
    String name();

    /**
     * A key in a file (FORMAT.md section 4, key file).
     *
     * @param file absolute; to be read with {@link PrivateFile}, which refuses a file that others can read
     */
    record FromFile(String name, Path file) implements KeyProviderSettings {}
}
