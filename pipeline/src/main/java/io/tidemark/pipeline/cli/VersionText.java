package io.tidemark.pipeline.cli;

import reactor.core.publisher.Mono;

/** {@code --version}. */
final class VersionText implements Verb {

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        return Mono.fromSupplier(() -> {
            bench.console().out().println("tidemark " + ProductVersion.text());
            return ExitCode.DONE;
        });
    }
}
