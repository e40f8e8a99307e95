package io.tidemark.pipeline.config;

/** What kind of failure a person or script has to deal with; {@code cli.ExitCode} gives each its number. */
public enum FailureKind {
    USAGE,
    NOT_IN_THIS_VERSION,
    INTEGRITY,
    KEYS,
    STORE,
    POSTGRES,
    REFUSED,
    BUSY,
    DEADLINE
}
