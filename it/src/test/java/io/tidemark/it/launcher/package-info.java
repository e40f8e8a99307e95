/**
 * The launcher, from outside: what PostgreSQL sees of it, whatever happens to the Java under it.
 * Start with {@link io.tidemark.it.launcher.LauncherTableTest}; {@link io.tidemark.it.launcher.LauncherTest} has the details.
 * Flow: Installation (launcher and jars, whole or broken) -> Launch -> exit code and output.
 * Never needs a server; a stand-in program, compiled on the spot, says and does what a row wants.
 * Source: CLI.md, The launcher.
 */
@NullMarked
package io.tidemark.it.launcher;

import org.jspecify.annotations.NullMarked;
