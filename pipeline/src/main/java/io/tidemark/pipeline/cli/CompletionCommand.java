package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.config.UsageError;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Mono;

/** {@code completion}: picocli's script, which zsh takes too. */
@Command(
        name = "completion",
        description = "Prints the completion script of a shell.",
        footer = {
            "source <(tidemark completion bash)",
            "autoload -U +X bashcompinit && bashcompinit; source <(tidemark completion zsh)"
        })
final class CompletionCommand implements Verb {
    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    String shell = "";

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        return Mono.fromSupplier(() -> {
            if (!shell.equals("bash") && !shell.equals("zsh")) {
                throw new UsageError("no completion for that shell; known: bash, zsh");
            }
            bench.console().out().print(AutoComplete.bash("tidemark", Commands.commandLine()));
            return ExitCode.DONE;
        });
    }
}
