package io.tidemark.sinks.decorator;

import io.tidemark.sinks.StoreException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what is asked of a store, by operation. From any thread. */
public final class Meter implements RetryListener {

    private final Map<Operation, Counts> counts = new EnumMap<>(Operation.class);

    public Meter() {
        for (Operation operation : Operation.values()) {
            counts.put(operation, new Counts());
        }
    }

    /**
     * What was counted so far.
     *
     * @param requests attempts, each of them counted, however they ended
     * @param bytes of bodies that the store took, or of objects that it gave, in attempts that failed too
     * @param errors attempts that failed; those that found nothing did not
     * @param retries attempts that were begun because another one had failed
     */
    public record Traffic(long requests, long bytes, long errors, long retries) {}

    public Traffic of(Operation operation) {
        Counts counted = counts(operation);
        return new Traffic(counted.requests.sum(), counted.bytes.sum(), counted.errors.sum(), counted.retries.sum());
    }

    @Override
    public void retried(Operation operation, StoreException why, Duration pause) {
        counts(operation).retries.increment();
    }

    void begun(Operation operation) {
        counts(operation).requests.increment();
    }

    void moved(Operation operation, int bytes) {
        counts(operation).bytes.add(bytes);
    }

    void failed(Operation operation) {
        counts(operation).errors.increment();
    }

    private Counts counts(Operation operation) {
        Counts counted = counts.get(operation);
        if (counted == null) {
            throw new AssertionError(operation);
        }
        return counted;
    }

    private static final class Counts {
        private final LongAdder requests = new LongAdder();
        private final LongAdder bytes = new LongAdder();
        private final LongAdder errors = new LongAdder();
        private final LongAdder retries = new LongAdder();
    }
}
