package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.config.UsageError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Mono;

/** {@code man-pages}: for the build and packages, so not in the help. */
@Command(name = "man-pages", hidden = true, description = "Writes the manual pages of all commands into a directory.")
final class ManPagesCommand implements Verb {
    @Parameters(paramLabel = "DIR", description = "The directory, such as share/man/man1; made if it is missing.")
    Path directory = Path.of("");

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        return Mono.fromCallable(() -> {
                    write(bench.workingDirectory().resolve(directory));
                    return ExitCode.DONE;
                })
                .subscribeOn(bench.files());
    }

    private static void write(Path directory) {
        List<CommandSpec> commands =
                ManPage.all(Commands.commandLine().getCommandSpec()).toList();
        try {
            Files.createDirectories(directory);
            for (CommandSpec command : commands) {
                Files.writeString(
                        directory.resolve(ManPage.name(command) + ".1"),
                        new ManPage(command, ProductVersion.text()).text());
            }
        } catch (IOException e) {
            throw new UsageError("manual pages cannot be written into " + directory + ": " + e, e);
        }
    }
}
