package io.tidemark.pipeline.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.tidemark.pipeline.care.copy.Copy;
import io.tidemark.pipeline.care.copy.CopyReport;
import io.tidemark.pipeline.care.copy.Share;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.RepositorySettings;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.stage.Compress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code copy}: a new or lagging repository gets what another one has. */
@Command(
        name = "copy",
        description =
                "Fills a repository from another one of the same cluster, never from pg_wal: keyset generations, WAL, backups. "
                        + "Every object is checked on the way, nothing is overwritten, and a run that was interrupted goes "
                        + "on where it ended. A new repository is made by `tidemark init` first.",
        footer = {
            "tidemark copy --to paris              from the first other repository that opens",
            "tidemark copy --to paris --from local --dry-run",
            "tidemark copy --to paris --shard 1/4  one of four; a last run without it adds manifests"
        })
final class CopyCommand implements Verb {
    private static final Pattern SHARE = Pattern.compile("([1-9][0-9]{0,3})/([1-9][0-9]{0,3})");
    private static final int SHOWN = 20;

    @Option(names = "--to", paramLabel = "REPOSITORY", required = true, description = "The repository to fill.")
    String to = "";

    @Option(
            names = "--from",
            paramLabel = "REPOSITORY",
            description = "Where to read; the first other one that opens if left out.")
    @Nullable
    String from;

    @Option(names = "--shard", paramLabel = "I/N", description = "Only this one of N shares of WAL and packs.")
    @Nullable
    String shard;

    @Option(names = "--dry-run", description = "Say what would be copied, and write nothing.")
    boolean dryRun;

    @Option(names = "--json", description = "Report as one JSON object.")
    boolean json;

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        Share share = shard == null ? Share.WHOLE : share(shard);
        ClusterSettings cluster = bench.cluster();
        RepositorySettings target =
                bench.configuration().repositories(List.of(to)).get(0);
        List<RepositorySettings> sources = sources(bench, target);
        ProgressLine progress = new ProgressLine("copy", bench.console(), bench.clock(), bench.cpu());
        return Mono.usingWhen(
                        open(bench, cluster, target),
                        filled -> Mono.usingWhen(
                                firstThatOpens(bench, cluster, sources),
                                source -> dryRun
                                        ? copy(bench, cluster).plan(source, filled, share)
                                        : progress.shownDuring(
                                                copy(bench, cluster).run(source, filled, share, progress)),
                                CopyCommand::close),
                        CopyCommand::close)
                .map(report -> told(bench, report));
    }

    private List<RepositorySettings> sources(Workbench bench, RepositorySettings target) {
        List<String> asked = from == null ? List.of() : List.of(from);
        List<RepositorySettings> sources = bench.configuration().repositories(asked).stream()
                .filter(repository -> !repository.name().equals(target.name()))
                .toList();
        if (sources.isEmpty()) {
            throw new UsageError(
                    from == null
                            ? "there is no repository beside \"" + to + "\" to copy from"
                            : "--from and --to name the same repository");
        }
        return sources;
    }

    static Share share(String text) {
        Matcher matcher = SHARE.matcher(text);
        if (matcher.matches()) {
            int number = Integer.parseInt(matcher.group(1));
            int of = Integer.parseInt(matcher.group(2));
            if (number <= of) {
                return new Share(number, of);
            }
        }
        throw new UsageError("--shard '" + Printable.of(text) + "', expected such as 2/4");
    }

    private static Copy copy(Workbench bench, ClusterSettings cluster) {
        return new Copy(
                bench.keysets(cluster),
                new Compress(bench.configuration().compression().level(), bench.cpu()),
                "tidemark " + ProductVersion.text(),
                bench.clock());
    }

    private static Mono<Repository> open(Workbench bench, ClusterSettings cluster, RepositorySettings settings) {
        return bench.repositories(cluster)
                .open(settings.name(), settings.requirement(), bench.store(cluster, settings));
    }

    private static Mono<Repository> firstThatOpens(
            Workbench bench, ClusterSettings cluster, List<RepositorySettings> sources) {
        return Mono.defer(() -> {
            List<Throwable> failures = new ArrayList<>();
            return Flux.fromIterable(sources)
                    .concatMap(
                            settings -> open(bench, cluster, settings).onErrorResume(failure -> {
                                failures.add(failure);
                                return Mono.empty();
                            }),
                            1)
                    .next()
                    .switchIfEmpty(Mono.defer(() -> Mono.error(failures.get(0))));
        });
    }

    private static Mono<Void> close(Repository repository) {
        return Mono.fromRunnable(repository::close);
    }

    private ExitCode told(Workbench bench, CopyReport report) {
        if (json) {
            JsonObject object = json(report);
            object.add("requests", TrafficJson.of(bench.traffic()));
            bench.console().out().println(object);
        } else {
            text(report).forEach(bench.console().out()::println);
        }
        if (report.problemCount() > 0) {
            throw new IntegrityFailed(
                    report.problemCount() + (report.problemCount() == 1 ? " thing" : " things") + " of repository \""
                            + report.from() + "\" could not be copied to \"" + report.to() + "\"; everything else was",
                    "they are listed above; an object that is damaged here may be sound in a third repository: --from");
        }
        return ExitCode.DONE;
    }

    private List<String> text(CopyReport report) {
        List<String> lines = new ArrayList<>();
        lines.add((dryRun ? "would copy from \"" : "copied from \"") + report.from() + "\" to \"" + report.to() + "\"");
        lines.add("  objects       " + report.objects() + ", " + Amounts.size(report.bytes()));
        if (report.present() > 0) {
            lines.add("  there already " + report.present() + ", sealed another time");
        }
        report.backups().forEach(label -> lines.add("  backup        " + label));
        report.notCopied().forEach(why -> lines.add("  left out      " + Printable.of(why)));
        report.problems().stream()
                .limit(SHOWN)
                .forEach(problem -> lines.add("  NOT COPIED    " + Printable.of(problem)));
        if (report.problemCount() > SHOWN) {
            lines.add("  NOT COPIED    " + (report.problemCount() - SHOWN) + " more; --json lists them");
        }
        return lines;
    }

    private JsonObject json(CopyReport report) {
        JsonObject json = new JsonObject();
        json.addProperty("from", report.from());
        json.addProperty("to", report.to());
        json.addProperty("dryRun", dryRun);
        json.addProperty("objects", report.objects());
        json.addProperty("bytes", report.bytes());
        json.addProperty("present", report.present());
        json.add("backups", texts(report.backups()));
        json.add("notCopied", texts(report.notCopied()));
        json.add("problems", texts(report.problems()));
        json.addProperty("problemCount", report.problemCount());
        return json;
    }

    private static JsonArray texts(List<String> texts) {
        JsonArray all = new JsonArray();
        texts.forEach(all::add);
        return all;
    }
}
