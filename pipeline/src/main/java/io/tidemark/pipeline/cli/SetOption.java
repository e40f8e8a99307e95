package io.tidemark.pipeline.cli;

import java.util.Stack;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Takes {@code --set}. Left to itself picocli 4.7.7 starts the list anew for each command level, so that a {@code --set} before the command
 * is lost without a word when another stands behind it.
 */
final class SetOption implements CommandLine.IParameterConsumer {
    @Override
    @SuppressWarnings("JdkObsolete") // the interface is picocli's
    public void consumeParameters(Stack<String> args, ArgSpec argSpec, CommandSpec commandSpec) {
        if (args.isEmpty()) {
            throw new CommandLine.ParameterException(commandSpec.commandLine(), "--set needs a value");
        }
        ((RootCommand) commandSpec.root().userObject()).set.add(args.pop());
    }
}
