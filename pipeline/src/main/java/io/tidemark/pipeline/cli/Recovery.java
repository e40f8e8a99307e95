package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.care.init.Initialise.RecoveryKey;

/** What {@code --without-recovery-key} means. */
final class Recovery {
    private Recovery() {}

    /** Whether the option was given. */
    enum Said {
        NOTHING,
        WITHOUT
    }

    static RecoveryKey key(Said said) {
        return switch (said) {
            case NOTHING -> RecoveryKey.REQUIRED;
            case WITHOUT -> RecoveryKey.WAIVED;
        };
    }
}
