package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.config.Nearest;
import io.tidemark.pipeline.config.TidemarkException;
import io.tidemark.pipeline.config.UsageError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What picocli could not parse, in Tidemark's own words. An option's value is never repeated: it may be a secret. */
final class PicocliErrors {
    private PicocliErrors() {}

    static TidemarkException translate(
            CommandLine.ParameterException error, Set<String> planned, Map<String, Set<String>> plannedOptions) {
        CommandSpec spec = error.getCommandLine().getCommandSpec();
        if (error instanceof CommandLine.UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            String argument = unmatched.getUnmatched().get(0);
            return argument.startsWith("-")
                    ? unknownOption(spec, argument, plannedOptions)
                    : unknownWord(spec, argument, planned);
        }
        if (error instanceof CommandLine.MissingParameterException missing) {
            List<String> labels = new ArrayList<>();
            for (ArgSpec argument : missing.getMissing()) {
                labels.add(argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel());
            }
            return usage(spec, spec.qualifiedName() + " needs " + String.join(", ", labels));
        }
        String message = String.valueOf(error.getMessage());
        return usage(spec, message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1));
    }

    private static TidemarkException unknownOption(
            CommandSpec spec, String argument, Map<String, Set<String>> plannedOptions) {
        int equals = argument.indexOf('=');
        String name = equals < 0 ? argument : argument.substring(0, equals);
        if (plannedOptions.getOrDefault(spec.name(), Set.of()).contains(name)) {
            return Commands.notInThisVersion(spec.name() + " " + name);
        }
        Optional<String> nearest = Nearest.of(name, spec.optionsMap().keySet());
        return usage(
                spec,
                spec.qualifiedName() + " has no option " + name
                        + nearest.map(n -> "; nearest: " + n).orElse(""));
    }

    private static TidemarkException unknownWord(CommandSpec spec, String word, Set<String> planned) {
        if (spec.subcommands().isEmpty()) {
            return usage(
                    spec,
                    spec.qualifiedName() + " takes "
                            + spec.positionalParameters().size() + " arguments, not more");
        }
        String path = (spec.qualifiedName() + " " + word).substring("tidemark ".length());
        if (planned.contains(path)) {
            return Commands.notInThisVersion(path);
        }
        Optional<String> nearest = Nearest.of(word, spec.subcommands().keySet());
        return usage(
                spec,
                spec.qualifiedName() + " has no command \"" + word + "\""
                        + nearest.map(n -> "; nearest: " + n).orElse(""));
    }

    private static UsageError usage(CommandSpec spec, String message) {
        return new UsageError(message, spec.qualifiedName() + " --help");
    }
}
