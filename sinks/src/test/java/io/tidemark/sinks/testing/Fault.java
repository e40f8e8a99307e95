package io.tidemark.sinks.testing;

import io.tidemark.sinks.StoreException;

/**
 * Something that goes wrong in a {@link FaultyStore}, as a value: which calls, which names, what happens.
 *
 * <pre>{@code
 * Fault.put().nth(2).fails(new StoreUnavailable("down", null))
 * Fault.put().named("manifest").losesItsAnswer()
 * Fault.get().nth(1).cutAfter(100, new StoreUnavailable("reset by peer", null))
 * Fault.any().fails(new AccessRefused("403", null))
 * }</pre>
 *
 * @param first the first call that is hit, counted from 1 among those of this operation and name
 * @param last the last one
 * @param nameHolds what the name, or the prefix of a list, must contain; empty for any
 */
public record Fault(Operation operation, long first, long last, String nameHolds, Effect effect) {

    /** Which methods are hit. */
    public enum Operation {
        PUT,
        GET,
        STAT,
        LIST,
        DELETE,
        ANY
    }

    public static Calls put() {
        return new Calls(Operation.PUT, 1, Long.MAX_VALUE, "");
    }

    /** Both forms of get. */
    public static Calls get() {
        return new Calls(Operation.GET, 1, Long.MAX_VALUE, "");
    }

    public static Calls stat() {
        return new Calls(Operation.STAT, 1, Long.MAX_VALUE, "");
    }

    public static Calls list() {
        return new Calls(Operation.LIST, 1, Long.MAX_VALUE, "");
    }

    public static Calls delete() {
        return new Calls(Operation.DELETE, 1, Long.MAX_VALUE, "");
    }

    /** Every operation, counted together. */
    public static Calls any() {
        return new Calls(Operation.ANY, 1, Long.MAX_VALUE, "");
    }

    boolean concerns(Operation called, String name) {
        return (operation == Operation.ANY || operation == called) && name.contains(nameHolds);
    }

    /** The calls that a fault hits; all of them unless said otherwise. */
    public record Calls(Operation operation, long first, long last, String nameHolds) {

        /** Only the n-th, counted from 1. */
        public Calls nth(long n) {
            return new Calls(operation, n, n, nameHolds);
        }

        /** The n-th and all later ones. */
        public Calls from(long n) {
            return new Calls(operation, n, Long.MAX_VALUE, nameHolds);
        }

        /** The first n: a store that comes back. */
        public Calls untilAfter(long n) {
            return new Calls(operation, 1, n, nameHolds);
        }

        /** Only names, or prefixes of lists, that contain this. */
        public Calls named(String part) {
            return new Calls(operation, first, last, part);
        }

        /** Nothing is done, and this comes back. */
        public Fault fails(StoreException error) {
            return with(new Effect.Fails(error));
        }

        /** Put: the object is made, then this comes back. Delete: likewise. */
        public Fault losesItsAnswer(StoreException error) {
            return with(new Effect.LosesAnswer(error));
        }

        /** Put: the body is read up to here, nothing is made. Get: so many bytes, then the error. */
        public Fault cutAfter(long bytes, StoreException error) {
            return with(new Effect.Cut(bytes, error));
        }

        /** Get: so many bytes, then a completion that lies. */
        public Fault endsAfter(long bytes) {
            return with(new Effect.Ends(bytes));
        }

        /** Get: the lowest bit of this byte, counted from the object's or the range's start, comes flipped. */
        public Fault flips(long offset) {
            return with(new Effect.Flips(offset));
        }

        /**
         * Says absent whatever is there: a store that withholds. Get: missing; stat: empty; list: without the names
         * that contain the fault's part.
         */
        public Fault absent() {
            return with(new Effect.Absent());
        }

        /** No answer ever comes; put does not read its body. */
        public Fault hangs() {
            return with(new Effect.Hangs());
        }

        /**
         * So much moves, then nothing more until the caller cancels. Get: bytes; put: bytes of the body, and nothing is made;
         * list: names.
         */
        public Fault stallsAfter(long amount) {
            return with(new Effect.Stalls(amount));
        }

        /** Get: behind the object's bytes, or the range's, come so many more. */
        public Fault addsBytes(int bytes) {
            return with(new Effect.Adds(bytes));
        }

        /** Stat and list: every object is said to be of this size. */
        public Fault saysSize(long sizeBytes) {
            return with(new Effect.SaysSize(sizeBytes));
        }

        /** Put: the body is read to its end, created is answered, and nothing is made: a 200 with an error in its body. */
        public Fault pretends() {
            return with(new Effect.Pretends());
        }

        /** Put: the object is made, and lost again when so many more calls have been begun, of any operation. */
        public Fault forgetsAfter(long calls) {
            return with(new Effect.Forgets(calls));
        }

        private Fault with(Effect effect) {
            return new Fault(operation, first, last, nameHolds, effect);
        }
    }

    /** What happens. */
    public sealed interface Effect {
        record Fails(StoreException error) implements Effect {}

        record LosesAnswer(StoreException error) implements Effect {}

        record Cut(long bytes, StoreException error) implements Effect {}

        record Ends(long bytes) implements Effect {}

        record Flips(long offset) implements Effect {}

        record Absent() implements Effect {}

        record Hangs() implements Effect {}

        record Stalls(long amount) implements Effect {}

        record Adds(int bytes) implements Effect {}

        record SaysSize(long sizeBytes) implements Effect {}

        record Pretends() implements Effect {}

        record Forgets(long calls) implements Effect {}
    }
}
