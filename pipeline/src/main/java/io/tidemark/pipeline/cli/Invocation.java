package io.tidemark.pipeline.cli;

/** What the arguments ask for. */
public record Invocation(Verb verb, GlobalOptions options) {}
