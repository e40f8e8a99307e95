package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.care.demo.Demo;
import io.tidemark.pipeline.care.demo.Demo.Leftovers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;

/** {@code demo}: the story on a scratch cluster, told on standard output while it happens. */
@Command(
        name = "demo",
        description = "Shows the whole job on a PostgreSQL of its own: archive, back up, break, restore, prove.",
        footer = {"tidemark demo", "tidemark demo --keep    leaves repository and restored cluster to look at"})
final class DemoCommand implements Verb {
    @Option(names = "--keep", description = "Keep everything that the demo made; otherwise nothing is left.")
    boolean keep;

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        return Mono.fromCallable(() -> {
                    Demo.run(
                            bench.installation(),
                            keep ? Leftovers.KEEP : Leftovers.REMOVE,
                            bench.clock(),
                            bench.random(),
                            bench.console().out()::println);
                    return ExitCode.DONE;
                })
                .subscribeOn(bench.files());
    }
}
