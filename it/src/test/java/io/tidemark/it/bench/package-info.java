/**
 * Commands of the product in this process, for scenarios that run hundreds of them.
 * Start with {@link io.tidemark.it.bench.CommandBench}; who runs commands says where its stores are.
 * Flow: words -> the product's parsers -> its verb -> stores of the test's -> exit code and what was said.
 * Never starts a JVM; what the launcher adds is not seen here.
 * Source: CLI.md.
 */
@NullMarked
package io.tidemark.it.bench;

import org.jspecify.annotations.NullMarked;
