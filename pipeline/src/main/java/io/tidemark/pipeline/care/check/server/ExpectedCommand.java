package io.tidemark.pipeline.care.check.server;

import io.tidemark.pipeline.restore.RestoreCommandLine;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The {@code archive_command} that is right for the configuration that this check reads.
 *
 * @param launcher absolute: the server's PATH is anybody's guess
 * @param options that lead to the same configuration: {@code --config}, {@code --set}, {@code --cluster}
 * @param configuration the file of {@code --config}; null where there is none
 */
public record ExpectedCommand(
        Path launcher, List<String> options, @Nullable String configuration, String cluster) {
    public ExpectedCommand {
        options = List.copyOf(options);
    }

    /** As it stands between the quotes of {@code postgresql.conf}, each {@code '} of it doubled there. */
    public String text() {
        return Stream.concat(Stream.of(launcher.toString(), "archive-push"), options.stream())
                        .map(RestoreCommandLine::word)
                        .collect(Collectors.joining(" "))
                + " %p";
    }

    /** The line for {@code psql}, and how it comes into force. */
    String sql() {
        return "ALTER SYSTEM SET archive_command = '" + text().replace("'", "''") + "'; SELECT pg_reload_conf();";
    }
}
