package io.tidemark.pipeline.care.check.probe;

/** What a finding says, the least first. */
public enum Verdict {
    OK,
    /** Could not be looked at, or was not to be: nothing is known. */
    SKIPPED,
    /** Works, and deserves a look. */
    WARN,
    /** Something that archiving, backup or restore needs is not there. */
    FAIL
}
