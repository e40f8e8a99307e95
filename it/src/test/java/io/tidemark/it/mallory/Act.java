package io.tidemark.it.mallory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * Something that Mallory does to a repository, and what may come of it. What no expectation names may end well or in a
 * named error, but never in foreign bytes, a wrong "absent" or a bug.
 *
 * @param get of a segment in the middle of the archive, before the second backup ends
 * @param after of the segment behind the last archived one: that it is absent is the truth
 * @param push of the next segment
 * @param restore of the second backup
 */
record Act(String name, Meddling meddling, Set<Result> get, Set<Result> after, Set<Result> push, Set<Result> restore) {

    /** What is done to a root, {@code <directory>/prod}. */
    interface Meddling {
        void on(Path root) throws IOException;
    }

    /** How a probe ended. */
    enum Result {
        /** Exit 0, and the bytes are the victim's own. */
        GOOD,
        /** archive-get: absent, for certain. */
        ABSENT,
        /** An error with a code and words; archive-get: in doubt. */
        NAMED
    }

    /** An act of which nothing is known but what must never happen. */
    static Act of(String name, Meddling meddling) {
        return new Act(
                name,
                meddling,
                EnumSet.of(Result.GOOD, Result.NAMED),
                EnumSet.of(Result.ABSENT, Result.NAMED),
                EnumSet.of(Result.GOOD, Result.NAMED),
                EnumSet.of(Result.GOOD, Result.NAMED));
    }

    Act get(Result result) {
        return new Act(name, meddling, EnumSet.of(result), after, push, restore);
    }

    Act after(Result result) {
        return new Act(name, meddling, get, EnumSet.of(result), push, restore);
    }

    Act push(Result result) {
        return new Act(name, meddling, get, after, EnumSet.of(result), restore);
    }

    Act restore(Result result) {
        return new Act(name, meddling, get, after, push, EnumSet.of(result));
    }

    /** Nothing that the victim does may notice it. */
    Act withoutEffect() {
        return get(Result.GOOD).after(Result.ABSENT).push(Result.GOOD).restore(Result.GOOD);
    }

    /** Nothing can be done until somebody has looked at it. */
    Act stopsEverything() {
        return get(Result.NAMED).after(Result.NAMED).push(Result.NAMED).restore(Result.NAMED);
    }

    @Override
    public String toString() {
        return name;
    }
}
