package io.tidemark.pipeline.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.tidemark.pipeline.care.repair.LockExtension;
import io.tidemark.pipeline.care.repair.LockReport;
import io.tidemark.pipeline.care.repair.Repair;
import io.tidemark.pipeline.care.repair.RepairReport;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.RepositorySettings;
import io.tidemark.pipeline.config.StoreFailed;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.stage.Compress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code repair}: what interrupted runs have left goes. */
@Command(
        name = "repair",
        description =
                "Removes what interrupted runs have left: old temporary files and multipart uploads, and the packs of backups "
                        + "whose deadline is past. Where the store locks objects, everything that kept backups need is locked for the "
                        + "whole time again. Needs leave to delete; what a store refuses is named.",
        footer = {"tidemark repair --dry-run", "tidemark repair --older-than 2h --repository paris"})
final class RepairCommand implements Verb {
    private static final Pattern TIME = Pattern.compile("([1-9][0-9]{0,4})([mhd])");
    private static final int SHOWN = 20;

    @Option(names = "--repository", paramLabel = "NAME", description = "Only this repository; may be repeated.")
    List<String> chosen = List.of();

    @Option(
            names = "--older-than",
            paramLabel = "TIME",
            defaultValue = "24h",
            description = "What was begun later is left: temporary files and uploads may still grow; 24h if left out.")
    String olderThan = "24h";

    @Option(names = "--dry-run", description = "Say what would go, and delete nothing.")
    boolean dryRun;

    @Option(names = "--json", description = "One JSON object a repository and line.")
    boolean json;

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        Duration age = age(olderThan);
        ClusterSettings cluster = bench.cluster();
        Repair repair = new Repair(
                new Compress(bench.configuration().compression().level(), bench.cpu()),
                "tidemark " + ProductVersion.text(),
                bench.clock(),
                dryRun ? Repair.Mode.DRY_RUN : Repair.Mode.REMOVE);
        return Flux.fromIterable(bench.configuration().repositories(chosen))
                .concatMap(settings -> repaired(bench, cluster, settings, repair, age), 1)
                .doOnNext(done -> print(bench, done))
                .reduce(
                        0L,
                        (refused, done) -> refused
                                + done.report().refusedCount()
                                + done.locks().refusedCount())
                .map(RepairCommand::told);
    }

    private record Done(RepairReport report, LockReport locks) {}

    private Mono<Done> repaired(
            Workbench bench, ClusterSettings cluster, RepositorySettings settings, Repair repair, Duration age) {
        return Mono.usingWhen(
                bench.repositories(cluster)
                        .open(settings.name(), settings.requirement(), bench.store(cluster, settings)),
                opened -> repair.run(opened, age).zipWhen(report -> locks(bench, opened), Done::new),
                opened -> Mono.fromRunnable(opened::close));
    }

    private Mono<LockReport> locks(Workbench bench, Repository opened) {
        return dryRun
                ? Mono.just(new LockReport(opened.name(), 0, List.of(), 0))
                : new LockExtension(bench.clock()).run(opened);
    }

    static Duration age(String text) {
        Matcher matcher = TIME.matcher(text);
        if (!matcher.matches()) {
            throw new UsageError("--older-than '" + Printable.of(text) + "', expected such as 90m, 24h or 7d");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    private static ExitCode told(long refused) {
        if (refused > 0) {
            throw new StoreFailed(
                    refused + (refused == 1 ? " thing" : " things")
                            + " could not be deleted, or locked longer: the store refuses",
                    "repair needs an identity that may delete and extend locks; what is locked now goes when its lock ends");
        }
        return ExitCode.DONE;
    }

    private void print(Workbench bench, Done done) {
        if (json) {
            bench.console().out().println(json(done));
        } else {
            text(done).forEach(bench.console().out()::println);
        }
    }

    private List<String> text(Done done) {
        RepairReport report = done.report();
        List<String> lines = new ArrayList<>();
        lines.add("repository \"" + report.repository() + "\"" + (dryRun ? ", nothing was deleted" : ""));
        lines.add("  leftovers     " + report.leftovers() + (dryRun ? " would go" : " removed"));
        lines.add("  objects       " + report.objects() + ", " + Amounts.size(report.bytes()));
        report.backups().forEach(label -> lines.add("  given up      backup " + label));
        report.kept().forEach(why -> lines.add("  left          " + Printable.of(why)));
        report.refused().stream().limit(SHOWN).forEach(what -> lines.add("  REFUSED       " + Printable.of(what)));
        if (report.refusedCount() > SHOWN) {
            lines.add("  REFUSED       " + (report.refusedCount() - SHOWN) + " more; --json lists them");
        }
        return lines;
    }

    private JsonObject json(Done done) {
        RepairReport report = done.report();
        JsonObject json = new JsonObject();
        json.addProperty("repository", report.repository());
        json.addProperty("dryRun", dryRun);
        json.addProperty("leftovers", report.leftovers());
        json.addProperty("objects", report.objects());
        json.addProperty("bytes", report.bytes());
        json.add("backups", texts(report.backups()));
        json.add("kept", texts(report.kept()));
        json.add("refused", texts(report.refused()));
        json.addProperty("refusedCount", report.refusedCount());
        json.addProperty("locksExtended", done.locks().extended());
        json.add("locksRefused", texts(done.locks().refused()));
        json.addProperty("locksRefusedCount", done.locks().refusedCount());
        return json;
    }

    private static JsonArray texts(List<String> texts) {
        JsonArray all = new JsonArray();
        texts.forEach(all::add);
        return all;
    }
}
