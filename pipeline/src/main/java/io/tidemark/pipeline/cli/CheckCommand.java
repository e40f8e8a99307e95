package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.care.check.Probes;
import io.tidemark.pipeline.care.check.Subject;
import io.tidemark.pipeline.care.check.Tools;
import io.tidemark.pipeline.care.check.probe.Mode;
import io.tidemark.pipeline.care.check.server.ExpectedCommand;
import io.tidemark.pipeline.care.check.server.ServerAccess;
import io.tidemark.pipeline.care.check.store.CheckedRepository;
import io.tidemark.pipeline.care.keyset.KeyRoot;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.KeyProviderSettings;
import io.tidemark.pipeline.config.RepositorySettings;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.sinks.ObjectStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;

/** {@code check}: everything that archiving, backup and restore need, one line each. */
@Command(
        name = "check",
        description =
                "Looks at everything that archiving, backup and restore need: database, role, settings, keys, stores (with a "
                        + "real put), the round trip of a real WAL segment, clocks, space. One line each, with what to do; "
                        + "the worst one is the exit code. Warnings do not change it.",
        footer = {
            "tidemark check",
            "tidemark check --dry-run             says what would be tried, switches and writes nothing",
            "tidemark check --nagios --timeout 30s"
        })
final class CheckCommand implements Verb {
    private static final Pattern TIME = Pattern.compile("([1-9][0-9]{0,4})([smh])");

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "The deadline for everything together, as 60s or 5m; 60s if left out.")
    String timeout = "60s";

    @Option(names = "--dry-run", description = "Say what would be tried: no segment switch, no put.")
    boolean dryRun;

    @Option(names = "--json", description = "One JSON object.")
    boolean json;

    @Option(names = "--nagios", description = "One line, and the exit codes 0 to 3 as Nagios reads them.")
    boolean nagios;

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        if (json && nagios) {
            throw new UsageError("--json and --nagios: one of the two");
        }
        Mono<ExitCode> checked = Mono.defer(() -> checked(bench, time(timeout)));
        return nagios ? checked.onErrorResume(failure -> unknown(bench, failure)) : checked;
    }

    private Mono<ExitCode> checked(Workbench bench, Duration deadline) {
        Subject subject = subject(bench, deadline);
        Instant begun = bench.clock().instant();
        return new Probes(subject, tools(bench))
                .check()
                .findings()
                .doOnNext(finding -> {
                    if (!json && !nagios) {
                        CheckReport.lines(finding, bench.console().outIsColoured())
                                .forEach(bench.console().out()::println);
                    }
                })
                .collectList()
                .map(findings -> new CheckReport(
                        subject.cluster().name(),
                        findings,
                        Duration.between(begun, bench.clock().instant()),
                        deadline))
                .map(report -> told(bench, report));
    }

    private ExitCode told(Workbench bench, CheckReport report) {
        if (nagios) {
            bench.console().out().println(report.nagiosLine());
            return report.nagiosCode();
        }
        bench.console()
                .out()
                .println(
                        json
                                ? report.json(dryRun ? CheckReport.Run.DRY : CheckReport.Run.REAL)
                                        .toString()
                                : report.summary());
        return report.worst();
    }

    /** Nagios shows what is on standard output. */
    private static Mono<ExitCode> unknown(Workbench bench, Throwable failure) {
        return Mono.fromRunnable(() -> bench.console().out().println(CheckReport.nagiosUnknown(failure)))
                .then(Mono.error(failure));
    }

    private Subject subject(Workbench bench, Duration deadline) {
        ClusterSettings cluster = bench.cluster();
        List<RepositorySettings> settings = bench.configuration().repositories(List.of());
        return new Subject(
                bench.effective(),
                cluster,
                settings,
                settings.stream()
                        .map(repository -> repository(bench, cluster, repository))
                        .toList(),
                bench.keys(),
                bench.keysets(cluster),
                bench.configuration().keys().providers().values().stream()
                        .filter(KeyProviderSettings.InKmip.class::isInstance)
                        .map(kmip -> bench.kmip((KeyProviderSettings.InKmip) kmip))
                        .toList(),
                new ServerAccess(bench.postgres(), () -> bench.connection(cluster), bench.files(), bench.clock()),
                archiveCommand(bench, cluster),
                deadline,
                dryRun ? Mode.DRY_RUN : Mode.TRY);
    }

    private static CheckedRepository repository(
            Workbench bench, ClusterSettings cluster, RepositorySettings repository) {
        ObjectStore store = bench.store(cluster, repository);
        return CheckedRepository.of(
                repository.name(),
                repository.requirement(),
                repository.place(),
                new KeyRoot(repository.name(), repository.requirement(), store),
                bench.repositories(cluster).open(repository.name(), repository.requirement(), store));
    }

    private static Tools tools(Workbench bench) {
        return new Tools(
                "tidemark " + ProductVersion.text(),
                System.getProperty("user.name", "?"),
                bench.clock(),
                bench.random(),
                bench.cpu(),
                bench.files(),
                bench.cpu());
    }

    private static ExpectedCommand archiveCommand(Workbench bench, ClusterSettings cluster) {
        List<String> words =
                CarriedConfiguration.words(bench.options(), bench.effective(), bench.workingDirectory(), cluster, null);
        int config = words.indexOf("--config");
        return new ExpectedCommand(
                bench.installation().launcher().toAbsolutePath(),
                words,
                config < 0 ? null : words.get(config + 1),
                cluster.name());
    }

    static Duration time(String text) {
        Matcher matcher = TIME.matcher(text);
        if (!matcher.matches()) {
            throw new UsageError("--timeout: no time from 1s on, as 60s or 5m");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }
}
