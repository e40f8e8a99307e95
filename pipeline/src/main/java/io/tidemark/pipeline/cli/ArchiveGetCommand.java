package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.config.NotInThisVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Mono;

/** {@code archive-get %f %p}: picocli knows it for its help only, {@link HandParser} fills it. */
@Command(
        name = "archive-get",
        description = "Fetches one file out of the nearest repository that has it; PostgreSQL's restore_command.",
        footer = {"restore_command = 'tidemark archive-get %%f %%p'"})
final class ArchiveGetCommand implements Verb {
    @Parameters(index = "0", paramLabel = "%f", description = "The file's name, as PostgreSQL gives it.")
    String file = "";

    @Parameters(index = "1", paramLabel = "%p", description = "Where to put it, relative to the data directory.")
    String path = "";

    @Option(
            names = "--repository",
            paramLabel = "R",
            description = "Ask this repository only; may be repeated. Written by restore.")
    List<String> repositories = List.of();

    @Option(
            names = "--through",
            paramLabel = "SEGMENT",
            description = "Nothing up to this segment is ever absent. Written by restore.")
    @Nullable
    String through;

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        return Mono.error(() -> new NotInThisVersion("archive-get is not in this version"));
    }
}
