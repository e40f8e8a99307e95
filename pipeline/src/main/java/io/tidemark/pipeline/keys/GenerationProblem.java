package io.tidemark.pipeline.keys;

/**
 * Why a generation that a repository offers is not used. It is told by {@code keys status}, {@code info} and {@code
 * check}, and never stops archiving as long as another one opens.
 *
 * @param what for a person, with what came back
 */
public record GenerationProblem(int number, Kind kind, String what) {
    /** What to make of it. */
    public enum Kind {
        /** No generation of the format, not the number it lies under, or its commitment does not hold. */
        DAMAGED,
        /** Made for another cluster. */
        OTHER_CLUSTER,
        /** None of its recipients is anyone whom this process can be. */
        NOT_A_RECIPIENT,
        /** Made for another key than the one at hand. */
        OTHER_KEY,
        /** Opens, and does not hold the cluster's root key. */
        OTHER_ROOT,
        /** Opens by a public key's encryption, and no root is known to hold it against. */
        ROOT_NOT_KNOWN,
        /** The store shows it and does not give it. */
        NOT_READABLE,
        /** Its number is too far above the others to be read. */
        TOO_FAR
    }

    @Override
    public String toString() {
        return "generation " + number + ": " + what;
    }
}
