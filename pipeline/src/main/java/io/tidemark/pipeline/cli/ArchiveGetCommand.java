package io.tidemark.pipeline.cli;

import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.pipeline.archive.Answer;
import io.tidemark.pipeline.archive.FetchRequest;
import io.tidemark.pipeline.archive.Origin;
import io.tidemark.pipeline.archive.WalFetcher;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.Configuration;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.wal.WalFileName;
import java.nio.file.Path;
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
        return Mono.fromCallable(() -> fetcher(bench))
                .subscribeOn(bench.files())
                .flatMap(fetcher -> {
                    FetchRequest request = request();
                    return fetcher.fetch(request)
                            .publishOn(bench.files())
                            .flatMap(answer -> answered(fetcher, request, answer));
                });
    }

    private FetchRequest request() {
        return new FetchRequest(
                WalFileName.parse(file)
                        .orElseThrow(() -> new UsageError("'" + file + "' is no file that PostgreSQL asks for")),
                Path.of(path),
                through == null ? null : WalSegmentName.parse(through));
    }

    private WalFetcher fetcher(Workbench bench) {
        Configuration configuration = bench.configuration();
        ClusterSettings cluster = bench.cluster();
        return new WalFetcher(
                configuration.repositories(repositories).stream()
                        .map(repository -> bench.archive(cluster, repository))
                        .toList(),
                Origin.find(cluster.dataDirectory(), Path.of("")),
                configuration.archiveGet(),
                bench.files(),
                bench.random(),
                bench.events());
    }

    private static Mono<ExitCode> answered(WalFetcher fetcher, FetchRequest request, Answer answer) {
        if (answer instanceof Answer.InDoubt doubt) {
            return fetcher.mayTellStandbyAbsent(request, doubt) ? Mono.just(ExitCode.ABSENT) : Mono.error(doubt.why());
        }
        return Mono.just(answer instanceof Answer.Found ? ExitCode.DONE : ExitCode.ABSENT);
    }
}
