package io.tidemark.pipeline.archive;

/**
 * What archive-get knows about a file. Only these three: PostgreSQL ends its recovery on "absent", so that nothing else may
 * ever turn into it (invariant 3).
 */
public sealed interface Answer {

    /** The file is at its destination, durable. */
    record Found(String repository) implements Answer {}

    /** Every repository asked was opened, has the file in no form, and nothing in it says that it should. */
    record Absent() implements Answer {}

    /**
     * Not known.
     *
     * @param repository that could not say; the first one of several
     * @param why what stood in the way
     */
    record InDoubt(String repository, Doubt doubt, Throwable why) implements Answer {}

    /** Whether waiting can help. */
    enum Doubt {
        /** A later file is there: parallel pushes land out of order, so this one may still come. */
        GAP,
        /** The repository could not be asked, perhaps only now. */
        UNREACHABLE,
        /** Damage, wrong keys, wrong configuration: somebody has to do something. */
        WRONG
    }
}
