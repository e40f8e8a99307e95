/**
 * Probes of this host: configuration, keys, the data directory, space.
 * Start with any: each is a class that looks by itself.
 * Flow: files and settings -> findings.
 * Never changes anything, and never says what is in a key.
 * Source: CLI.md, check.
 */
@NullMarked
package io.tidemark.pipeline.care.check.host;

import org.jspecify.annotations.NullMarked;
