/**
 * Tests of the directory as a store.
 * Start with {@link io.tidemark.sinks.local.LocalDirectoryStoreTest}: the contract, then what only files can do wrong.
 * Flow: contract -> LocalDirectoryStore -> a temporary directory.
 * Never needs root or a mount: mount tables are text.
 * Source: FORMAT.md section 7.
 */
@NullMarked
package io.tidemark.sinks.local;

import org.jspecify.annotations.NullMarked;
