package io.tidemark.pipeline.keys;

import java.util.regex.Pattern;

/**
 * Which root a keyset must have, FORMAT.md section 4: HPKE has no sender, so whoever can write the bucket can make a
 * generation for the recovery key; only the root tells it from the cluster's own.
 */
public sealed interface RootExpectation {

    /** {@code cluster.<c>.root} or {@code --root HEX}: every kind of recipient is held against it. */
    record Exactly(String hex) implements RootExpectation {
        private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}");

        public Exactly {
            if (!FORM.matcher(hex).matches()) {
                throw new IllegalArgumentException("no root of 32 lower-case hex digits: '" + hex + "'");
            }
        }
    }

    /** {@code --root unknown}: whatever opens is accepted, loudly. */
    record Anything() implements RootExpectation {}

    /** None is configured: what a key of a provider opens is accepted, what the recovery key opens is not. */
    record NotConfigured() implements RootExpectation {}

    static RootExpectation exactly(String hex) {
        return new Exactly(hex);
    }

    static RootExpectation anything() {
        return new Anything();
    }

    static RootExpectation notConfigured() {
        return new NotConfigured();
    }
}
