/**
 * The commands, their options, their exit codes, and what a person sees.
 * Start with {@link Commands}, the list of all of them, and {@link Verb}, what each is; {@link ExitCode} is CLI.md's table.
 * Flow: arguments -> Verb (picocli, or HandParser for archive-push and archive-get) -> Mono of ExitCode -> Main.
 * Never builds what a command works with: that is {@link Workbench}, which Wiring implements.
 * Source: CLI.md.
 */
@NullMarked
package io.tidemark.pipeline.cli;

import org.jspecify.annotations.NullMarked;
