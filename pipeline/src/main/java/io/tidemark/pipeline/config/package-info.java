/**
 * The configuration: records, their parser, defaults and documentation; and the failures that every other package throws.
 * Start with {@link Configuration}; {@link Settings} declares each setting once, {@link TidemarkException} each failure.
 * Flow: file, environment and options -> Given values -> Settings (type, range) -> Configuration.
 * Never opens a repository or a key: files named here are read by those who use them.
 * Source: CLI.md, Configuration and Exit codes.
 */
@NullMarked
package io.tidemark.pipeline.config;

import org.jspecify.annotations.NullMarked;
