package io.tidemark.it.s3.proxy;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A number of faults, struck at random by a seed: alone, or in bursts of the same kind. Which request meets which depends on how the
 * threads run; the sequence of blows does not.
 */
public final class FaultPlan {
    private static final int LONGEST_BURST = 5;
    private static final int ONE_IN_BURSTS = 6;

    private final Random random;
    private final double rate;
    private final List<Fault> kinds;
    private final Map<Fault, Integer> struck = new EnumMap<>(Fault.class);
    private int left;
    private @Nullable Blow last;
    private int burst;

    /** A fault, and where in the exchange it strikes, from 0, below 1. */
    record Blow(Fault fault, double where) {}

    /**
     * @param faults how many, in all
     * @param rate how many requests of 1 are hit
     * @param kinds all of them where none are given
     */
    public FaultPlan(long seed, int faults, double rate, Fault... kinds) {
        this.random = new Random(seed);
        this.left = faults;
        this.rate = rate;
        this.kinds = kinds.length == 0 ? List.of(Fault.values()) : Arrays.asList(kinds);
    }

    /** What the next request meets; null for nothing. */
    synchronized @Nullable Blow next() {
        if (left == 0) {
            return null;
        }
        if (burst > 0 && last != null) {
            burst--;
            return strike(last);
        }
        if (random.nextDouble() >= rate) {
            return null;
        }
        Blow blow = new Blow(kinds.get(random.nextInt(kinds.size())), random.nextDouble());
        burst = random.nextInt(ONE_IN_BURSTS) == 0 ? random.nextInt(LONGEST_BURST) : 0;
        last = blow;
        return strike(blow);
    }

    private Blow strike(Blow blow) {
        left--;
        struck.merge(blow.fault(), 1, Integer::sum);
        return blow;
    }

    /** Faults that have not struck yet. */
    public synchronized int left() {
        return left;
    }

    /** How often each has struck. */
    public synchronized Map<Fault, Integer> struck() {
        return new EnumMap<>(struck);
    }
}
