package io.tidemark.pipeline.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.Configuration;
import io.tidemark.pipeline.config.RepositorySettings;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.keys.RepositoryAccess;
import io.tidemark.pipeline.keys.RootExpectation;
import io.tidemark.pipeline.restore.Restore;
import io.tidemark.pipeline.restore.RestoreCommandLine;
import io.tidemark.pipeline.restore.RestorePlan;
import io.tidemark.pipeline.restore.RestoreRequest;
import io.tidemark.pipeline.restore.RestoreSource;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;

/** {@code restore}: a plan, and then the data directory, ready for PostgreSQL to start. */
@Command(
        name = "restore",
        description = "Plans and makes a data directory that recovers to a target when PostgreSQL starts on it.",
        footer = {
            "tidemark restore --to /srv/pg --dry-run                                the plan only",
            "tidemark restore --to /srv/pg --time \"2026-11-22 15:00:00+01\" --action promote",
            "tidemark restore --to /srv/pg --name before-drop --tablespace-map /mnt/ts=/srv/ts"
        })
final class RestoreCommand implements Verb {
    @Mixin
    RestoreOptions asked = new RestoreOptions();

    @Option(
            names = "--repository",
            paramLabel = "R",
            description =
                    "Restore from this repository only; may be repeated. Otherwise from the one that reaches furthest.")
    List<String> repositories = List.of();

    @Option(
            names = "--root",
            paramLabel = "HEX|unknown",
            description = "The root that init printed, where none is configured; 'unknown' takes what the key opens.")
    @Nullable
    String root;

    @Option(names = "--dry-run", description = "Print the plan and write nothing.")
    boolean dryRun;

    @Option(names = "--json", description = "One JSON object on standard output.")
    boolean json;

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        return Mono.using(
                ArrayList<Repository>::new,
                opened -> Mono.defer(() -> restored(bench, opened)),
                opened -> opened.forEach(Repository::close));
    }

    private Mono<ExitCode> restored(Workbench bench, List<Repository> opened) {
        RestoreRequest request = asked.request(bench.workingDirectory());
        ClusterSettings cluster = bench.cluster();
        Restore restore = new Restore(
                bench.clock(),
                bench.cpu(),
                bench.files(),
                commandLine(bench, cluster, opened),
                reading(bench.configuration()),
                bench.events());
        List<Restore.Offer> offers = offers(bench, cluster, opened);
        return restore.plan(request, offers)
                .flatMap(plan -> dryRun
                        ? Mono.<Void>fromRunnable(() -> show(bench, plan))
                        : carriedOut(bench, restore, plan, offers))
                .thenReturn(ExitCode.DONE);
    }

    private static Restore.Reading reading(Configuration configuration) {
        return Restore.Reading.within(
                Math.min(
                        configuration.limits().memoryBytes(),
                        Runtime.getRuntime().maxMemory()),
                configuration.restore().rangeBytes(),
                configuration.restore().parallel());
    }

    private List<Restore.Offer> offers(Workbench bench, ClusterSettings cluster, List<Repository> opened) {
        RepositoryAccess access = new RepositoryAccess(
                root == null ? bench.keysets(cluster) : bench.keysets(cluster).withRoot(expectation(root)),
                bench.cpu());
        List<Restore.Offer> offers = new ArrayList<>();
        for (RepositorySettings settings : bench.configuration().repositories(repositories)) {
            offers.add(new Restore.Offer(
                    settings.name(),
                    access.open(settings.name(), settings.requirement(), bench.store(cluster, settings))
                            .doOnNext(opened::add)
                            .map(RestoreCommand::source)));
        }
        return offers;
    }

    private static RootExpectation expectation(String root) {
        try {
            return root.equals("unknown") ? RootExpectation.anything() : RootExpectation.exactly(root);
        } catch (IllegalArgumentException e) {
            throw new UsageError("--root: " + e.getMessage(), "it is printed by init; or give --root unknown", e);
        }
    }

    private static RestoreSource source(Repository repository) {
        return new RestoreSource(
                repository.name(),
                repository.store(),
                repository.objects(),
                () -> repository.derivations().pages());
    }

    /** Asked when the plan is written down, for then the repositories are open and their root is known. */
    private RestoreCommandLine commandLine(Workbench bench, ClusterSettings cluster, List<Repository> opened) {
        return new RestoreCommandLine(
                bench.installation().launcher().toAbsolutePath(),
                () -> CarriedConfiguration.words(
                        bench.options(),
                        bench.effective(),
                        bench.workingDirectory(),
                        cluster,
                        root == null || opened.isEmpty()
                                ? null
                                : opened.get(0).derivations().rootHex()));
    }

    private Mono<Void> carriedOut(Workbench bench, Restore restore, RestorePlan plan, List<Restore.Offer> offers) {
        ProgressLine progress = new ProgressLine("restore", bench.console(), bench.clock(), bench.cpu());
        if (!json) {
            show(bench, plan);
        }
        return Mono.defer(() -> {
            Instant begun = bench.clock().instant();
            return progress.shownDuring(restore.run(plan, offers, progress, anew -> showAnew(bench, anew)))
                    .doOnNext(done -> tell(
                            bench,
                            done.plan(),
                            Duration.between(begun, bench.clock().instant()),
                            done.remarks()))
                    .then();
        });
    }

    private void showAnew(Workbench bench, RestorePlan plan) {
        if (!json) {
            bench.console().erase();
            bench.console().out().println();
            show(bench, plan);
        }
    }

    private void show(Workbench bench, RestorePlan plan) {
        if (json) {
            JsonObject object = plan.json();
            object.addProperty("executed", false);
            bench.console().out().println(object);
            return;
        }
        plan.lines(ZoneId.systemDefault()).forEach(line -> bench.console().out().println(Printable.of(line)));
    }

    private void tell(Workbench bench, RestorePlan plan, Duration took, List<String> remarks) {
        if (json) {
            JsonObject object = plan.json();
            object.addProperty("executed", true);
            object.addProperty("seconds", took.toMillis() / 1000.0);
            JsonArray lines = new JsonArray();
            remarks.forEach(lines::add);
            object.add("remarks", lines);
            bench.console().out().println(object);
            return;
        }
        double seconds = Math.max(took.toMillis(), 1) / 1000.0;
        bench.console()
                .out()
                .println("restored    " + plan.files() + " files, " + Amounts.size(plan.bytes()) + " in "
                        + Amounts.time(took) + " (" + Amounts.rate(plan.bytes() / seconds) + ")");
        remarks.forEach(remark -> bench.console().out().println(Printable.of("note        " + remark)));
        bench.console()
                .out()
                .println(Printable.of("next        start PostgreSQL on " + plan.directory()
                        + "; it fetches WAL through restore_command and recovers to the target"));
    }
}
