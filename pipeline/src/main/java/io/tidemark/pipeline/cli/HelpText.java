package io.tidemark.pipeline.cli;

import picocli.CommandLine;
import reactor.core.publisher.Mono;

/** {@code --help} of one command. */
final class HelpText implements Verb {
    private final CommandLine line;

    HelpText(CommandLine line) {
        this.line = line;
    }

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        return Mono.fromSupplier(() -> {
            CommandLine.Help.Ansi colours =
                    bench.console().outIsColoured() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF;
            bench.console().out().print(line.getUsageMessage(colours));
            return ExitCode.DONE;
        });
    }
}
