package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.config.NotInThisVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Mono;

/** {@code archive-push %p}: picocli knows it for its help only, {@link HandParser} fills it. */
@Command(
        name = "archive-push",
        description = "Stores one segment, history or label file in every repository; PostgreSQL's archive_command.",
        footer = {"archive_command = 'tidemark archive-push %%p'"})
final class ArchivePushCommand implements Verb {
    @Parameters(paramLabel = "%p", description = "The file, relative to the data directory, as PostgreSQL gives it.")
    String path = "";

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        return Mono.error(() -> new NotInThisVersion("archive-push is not in this version"));
    }
}
