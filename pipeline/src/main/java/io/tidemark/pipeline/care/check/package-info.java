/**
 * {@code check}: everything that archiving, backup and restore need, looked at side by side under one deadline.
 * Start with {@link io.tidemark.pipeline.care.check.Probes}, the list of what is looked at; {@code probe} has the words.
 * Flow: Probes -> Check runs them -> findings in the list's order -> the command's report.
 * Never lets one probe end the others: what goes wrong with it is its finding.
 * Source: CLI.md, check.
 */
@NullMarked
package io.tidemark.pipeline.care.check;

import org.jspecify.annotations.NullMarked;
