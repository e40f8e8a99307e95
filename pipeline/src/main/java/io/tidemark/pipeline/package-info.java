/**
 * The program: {@code Main} is one switch over commands, {@code Wiring} builds everything that they need.
 * Start with {@code Main}, then {@code archive.WalArchiver}, {@code backup.DirectoryBackup} and {@code restore.Restore}.
 * Flow: arguments -> Configuration -> Wiring -> a verb's Mono -> exit code.
 * Nothing imports this package but tests.
 * Source: docs/ARCHITECTURE.md.
 */
@NullMarked
package io.tidemark.pipeline;

import org.jspecify.annotations.NullMarked;
