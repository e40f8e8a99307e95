package io.tidemark.pipeline.keys;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.OptionalInt;

/**
 * In which order the generations of a repository are tried, so that the highest valid one is found by one read when all
 * is well and by a bounded number of reads whatever somebody has put beside it. Pure; one use, one thread.
 *
 * <p>Windows of 1 000 numbers are tried from their top. The first lies at the generation that this node remembers, or
 * else at the lowest that there is; each valid one found draws a new window above itself, since that far a higher one
 * counts (FORMAT.md section 4). Where nothing opens at the remembered one or above, the lower ones are tried: they are
 * good for reading.
 */
final class GenerationSearch {
    /** How far above a valid generation another one counts. */
    static final int REACH = 1000;

    private static final int MOST_ATTEMPTS = 5 * REACH;

    private final int[] numbers;
    private final int remembered;
    private final Deque<Integer> window = new ArrayDeque<>();
    private int top;
    private int valid;
    private int attempts;
    private Phase phase;

    /** Where the search is. */
    private enum Phase {
        UPWARDS,
        BELOW_REMEMBERED
    }

    /**
     * @param numbers what a listing gave, ascending
     * @param remembered the highest that this node has used; 0 for none
     */
    GenerationSearch(int[] numbers, int remembered) {
        this.numbers = numbers.clone();
        this.remembered = remembered;
        this.phase = Phase.UPWARDS;
        int base = remembered > 0 || numbers.length == 0 ? remembered : numbers[0];
        open(base, base + REACH);
    }

    /** Whether there is one more to try. */
    boolean hasNext() {
        while (window.isEmpty()) {
            if (valid > 0 || !nextWindow()) {
                return false;
            }
        }
        return attempts < MOST_ATTEMPTS;
    }

    /** The next to try, empty when the search is over. */
    OptionalInt next() {
        if (!hasNext()) {
            return OptionalInt.empty();
        }
        attempts++;
        return OptionalInt.of(window.removeFirst());
    }

    /** The number given last is valid: lower ones need not be tried, and higher ones up to its reach have to be. */
    void found(int number) {
        valid = number;
        window.clear();
        if (phase == Phase.UPWARDS && number + REACH > top) {
            open(top + 1, number + REACH);
        }
    }

    /** The highest valid one so far; 0 for none. */
    int valid() {
        return valid;
    }

    /** How many numbers lie beyond the reach of the valid one. */
    int outOfReach() {
        return (int) Arrays.stream(numbers).filter(number -> number > top).count();
    }

    private boolean nextWindow() {
        if (phase == Phase.BELOW_REMEMBERED) {
            return false;
        }
        if (remembered > 0) {
            phase = Phase.BELOW_REMEMBERED;
            open(Math.max(1, remembered - REACH), remembered - 1);
            return true;
        }
        OptionalInt base = Arrays.stream(numbers).filter(number -> number > top).findFirst();
        base.ifPresent(from -> open(from, from + REACH));
        return base.isPresent();
    }

    private void open(int from, int to) {
        top = Math.max(top, to);
        window.clear();
        Arrays.stream(numbers).filter(number -> number >= from && number <= to).forEach(window::addFirst);
    }
}
