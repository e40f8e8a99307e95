/**
 * Looking after a repository: made, its keys rotated and pruned, told about.
 * Start with {@link io.tidemark.pipeline.care.Initialise} and {@link io.tidemark.pipeline.care.RepositoryInfo}.
 * Flow: configuration -> stores -> catalog and keys -> a report for people and scripts.
 * Never archives, backs up or restores by itself: it uses the verbs.
 * Source: CLI.md; FORMAT.md sections 1, 4 and 7.
 */
@NullMarked
package io.tidemark.pipeline.care;

import org.jspecify.annotations.NullMarked;
