package io.tidemark.pipeline.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.tidemark.pipeline.config.ConfigurationReference;
import io.tidemark.pipeline.config.EffectiveConfiguration;
import java.io.PrintStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;

/** {@code config}: what is configured, and what could be. */
@Command(
        name = "config",
        description = "The configuration in force, its reference, a file to start from.",
        subcommands = {ConfigCommand.Show.class, ConfigCommand.Reference.class, ConfigCommand.Template.class})
final class ConfigCommand {

    /** {@code config show}. Values are paths, names and numbers: secrets are files, whose content is not read here. */
    @Command(
            name = "show",
            description = "Prints the configuration in force.",
            footer = {"tidemark config show --origin    with file and line, variable, option or default"})
    static final class Show implements Verb {
        @Option(names = "--origin", description = "With where each value comes from.")
        boolean origin;

        @Option(names = "--json", description = "One JSON object.")
        boolean json;

        @Override
        public Mono<ExitCode> run(Workbench bench) {
            return Mono.fromSupplier(() -> {
                PrintStream out = bench.console().out();
                if (json) {
                    out.println(json(bench.effective()));
                } else {
                    bench.effective().lines().forEach(line -> out.println(text(line)));
                }
                return ExitCode.DONE;
            });
        }

        private String text(EffectiveConfiguration.Line line) {
            String setting = line.key() + ": " + Printable.of(line.value());
            return origin ? setting + "    # " + Printable.of(line.origin()) : setting;
        }

        private JsonObject json(EffectiveConfiguration effective) {
            JsonArray settings = new JsonArray();
            for (EffectiveConfiguration.Line line : effective.lines()) {
                JsonObject setting = new JsonObject();
                setting.addProperty("key", line.key());
                setting.addProperty("value", line.value());
                setting.addProperty("origin", line.origin());
                settings.add(setting);
            }
            JsonObject all = new JsonObject();
            all.add("settings", settings);
            return all;
        }
    }

    /** {@code config reference}: docs/configuration.md. */
    @Command(name = "reference", description = "Prints the reference of every setting (Markdown).")
    static final class Reference implements Verb {
        @Override
        public Mono<ExitCode> run(Workbench bench) {
            return Mono.fromSupplier(() -> {
                bench.console().out().print(ConfigurationReference.markdown());
                return ExitCode.DONE;
            });
        }
    }

    /** {@code config template}. */
    @Command(
            name = "template",
            description = "Prints a commented tidemark.yaml to start from.",
            footer = {"tidemark config template > /etc/tidemark/tidemark.yaml"})
    static final class Template implements Verb {
        @Override
        public Mono<ExitCode> run(Workbench bench) {
            return Mono.fromSupplier(() -> {
                bench.console().out().print(ConfigurationReference.template());
                return ExitCode.DONE;
            });
        }
    }
}
