package io.tidemark.pipeline.cli;

import reactor.core.publisher.Mono;

/**
 * One command. A new one takes three steps:
 *
 * <ol>
 *   <li>a final, package-private class in this package, {@code @Command(name = …, description = …, footer = examples)}, with its
 *       own options as fields and {@code Verb} implemented. Options that all commands share ({@code --config}, {@code --set},
 *       {@code --cluster}, {@code --quiet}) are not declared again: they are in the {@link Workbench}'s configuration and console.
 *       {@code --json}, {@code --dry-run} and {@code --yes} are declared by the command that has them, with these names;
 *   <li>a line for it in {@link Commands};
 *   <li>what it needs beyond the workbench's present methods: a method there, and its one expression in {@code Wiring}.
 * </ol>
 *
 * A command with nouns ({@code keys rotate}) has one class a noun, and a parent without {@code Verb}.
 */
public interface Verb {
    /**
     * Assembled, not run: nothing happens before the subscription, which Main makes once. Failures are the sealed errors; results go to
     * {@link Console#out}, all else to standard error. Cancelling leaves nothing half done behind.
     */
    Mono<ExitCode> run(Workbench bench);
}
