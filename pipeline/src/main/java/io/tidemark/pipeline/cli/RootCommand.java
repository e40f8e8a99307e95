package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.cli.GlobalOptions.Verbosity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code tidemark} itself: the options that every command inherits. */
@Command(
        name = "tidemark",
        description = "Continuous backup for PostgreSQL: base backups and WAL, sealed, and back to any point in time.",
        mixinStandardHelpOptions = false)
final class RootCommand {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Configuration file; else TIDEMARK_CONFIG or /etc/tidemark/tidemark.yaml.")
    @Nullable
    String config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            scope = ScopeType.INHERIT,
            parameterConsumer = SetOption.class,
            description = "One setting, over file and environment; may be repeated.")
    List<String> set = new ArrayList<>();

    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "The cluster; may be left out when one is configured.")
    @Nullable
    String cluster;

    @Option(names = "--quiet", scope = ScopeType.INHERIT, description = "No progress, no remarks; errors only.")
    boolean quiet;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "This text.")
    boolean help;

    @Option(names = "--version", versionHelp = true, description = "The version.")
    boolean version;

    GlobalOptions options() {
        return new GlobalOptions(config, set, cluster, quiet ? Verbosity.QUIET : Verbosity.NORMAL);
    }
}
