package io.tidemark.it.kmip;

/** In what servers differ that mean the same, as it was measured (KMIP.md sections 5 to 8): numbers, and whom they give what. */
public enum Manner {
    PYKMIP(0x01, 0x0C, 0x0C, 0x100, 0x01),
    COSMIAN(0x37, 0x37, 0x43, 0x0A, 0x36);

    private final int noSuchKey;
    private final int notYours;
    private final int wrongState;
    private final int wrongTag;
    private final int destroyed;

    Manner(int noSuchKey, int notYours, int wrongState, int wrongTag, int destroyed) {
        this.noSuchKey = noSuchKey;
        this.notYours = notYours;
        this.wrongState = wrongState;
        this.wrongTag = wrongTag;
        this.destroyed = destroyed;
    }

    /** The Result Reason for a key that never was. */
    int noSuchKey() {
        return noSuchKey;
    }

    /** For the key of another client. */
    int notYours() {
        return notYours;
    }

    /** For an operation that the key's state does not allow. */
    int wrongState() {
        return wrongState;
    }

    /** For a ciphertext that was changed. */
    int wrongTag() {
        return wrongTag;
    }

    /** For a Get of what was destroyed. */
    int destroyed() {
        return destroyed;
    }

    /** Whether a deactivated key can still be had by Get; else by Export in 2.x only. */
    boolean givesDeactivatedKeys() {
        return this == PYKMIP;
    }
}
