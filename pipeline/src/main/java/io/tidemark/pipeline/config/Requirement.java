package io.tidemark.pipeline.config;

/** {@code repository.<name>.required}: whether success means durable in this repository too, or it may lag. */
public enum Requirement {
    REQUIRED,
    OPTIONAL
}
