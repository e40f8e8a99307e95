package io.tidemark.pipeline.care.check.probe;

/** Whether a probe that would write or switch something does so, or only says it. */
public enum Mode {
    TRY,
    DRY_RUN
}
