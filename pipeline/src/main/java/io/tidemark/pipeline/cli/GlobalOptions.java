package io.tidemark.pipeline.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of every command.
 *
 * @param config {@code --config}; null for {@code TIDEMARK_CONFIG} or the default place
 * @param set {@code --set} in order, each {@code key=value}
 * @param cluster {@code --cluster}
 * @param verbosity {@code --quiet}
 */
public record GlobalOptions(
        @Nullable String config, List<String> set, @Nullable String cluster, Verbosity verbosity) {
    public GlobalOptions {
        set = List.copyOf(set);
    }

    /** How much is said on standard error beside errors. */
    public enum Verbosity {
        NORMAL,
        QUIET
    }
}
