package io.tidemark.pipeline.event;

/** INFO is the operator's story, at most a line a segment; WARN is for what a person should look at; DEBUG the developer's. */
public enum Severity {
    DEBUG,
    INFO,
    WARN,
    ERROR
}
