package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.archive.Origin;
import io.tidemark.pipeline.archive.WalArchiver;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.Configuration;
import io.tidemark.pipeline.stage.Compress;
import java.nio.file.Path;
import java.util.List;
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
        return Mono.fromCallable(() -> archiver(bench))
                .subscribeOn(bench.files())
                .flatMap(archiver -> archiver.push(Path.of(path)))
                .thenReturn(ExitCode.DONE);
    }

    private static WalArchiver archiver(Workbench bench) {
        Configuration configuration = bench.configuration();
        ClusterSettings cluster = bench.cluster();
        Origin origin = Origin.find(cluster.dataDirectory(), Path.of(""));
        return new WalArchiver(
                configuration.repositories(List.of()).stream()
                        .map(repository -> bench.archive(cluster, repository))
                        .toList(),
                origin,
                new WalArchiver.Settings(
                        bench.node(cluster, origin.directory()),
                        "tidemark " + ProductVersion.text(),
                        configuration.archivePush().deadline()),
                new Compress(configuration.compression().level(), bench.cpu()),
                bench.keys().memory(bench.events()),
                bench.clock(),
                bench.files(),
                bench.events());
    }
}
