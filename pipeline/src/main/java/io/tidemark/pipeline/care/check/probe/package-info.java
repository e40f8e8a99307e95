/**
 * The words of {@code check}: what is looked at, what was found.
 * Start with {@link io.tidemark.pipeline.care.check.probe.Probe}; a {@link io.tidemark.pipeline.care.check.probe.Finding} is one line.
 * Flow: Probe -> findings, each with what to do about it -> the report of the command.
 * Never runs anything: that is the work of {@code care.check}.
 * Source: CLI.md, check.
 */
@NullMarked
package io.tidemark.pipeline.care.check.probe;

import org.jspecify.annotations.NullMarked;
