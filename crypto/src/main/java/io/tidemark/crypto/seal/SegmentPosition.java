package io.tidemark.crypto.seal;

/** Whether a sealed segment ends its object. The tag covers it: a dropped end and an appended one are both seen. */
public enum SegmentPosition {
    MIDDLE,
    LAST
}
