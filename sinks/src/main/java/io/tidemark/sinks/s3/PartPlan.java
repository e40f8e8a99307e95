package io.tidemark.sinks.s3;

/**
 * How long the parts of a multipart upload are, when nobody knows how long the object will be: the size doubles after
 * every thousand parts, up to {@link #GREATEST_PART}, so that small parts serve ordinary objects and the limit of 10 000
 * parts still allows long ones. Pure.
 *
 * <p>Source: Amazon S3 User Guide, "Amazon S3 multipart upload limits": 10 000 parts of 5 MiB to 5 GiB, 5 TiB an object.
 *
 * @param firstBytes of each of the first thousand parts
 */
record PartPlan(int firstBytes) {
    static final int MOST_PARTS = 10_000;
    static final long LARGEST_OBJECT = 5L << 40;
    /** The least that S3 takes for any part but the last. */
    static final int LEAST_PART = 5 << 20;
    /** With it two parts fit into {@link PartMemory#BYTES}. */
    static final int GREATEST_PART = 32 << 20;

    private static final int STEP = 1000;

    PartPlan {
        if (firstBytes < LEAST_PART || firstBytes > GREATEST_PART) {
            throw new IllegalArgumentException(
                    "parts of " + firstBytes + " bytes; allowed are " + LEAST_PART + " to " + GREATEST_PART);
        }
    }

    /** @param number of the part, from 1 to {@link #MOST_PARTS} */
    int bytesOf(int number) {
        int doublings = Math.min((number - 1) / STEP, 8);
        return (int) Math.min((long) firstBytes << doublings, GREATEST_PART);
    }

    /** How long an object can be that goes up in these parts. */
    long largestObject() {
        long bytes = 0;
        for (int number = 1; number <= MOST_PARTS; number++) {
            bytes += bytesOf(number);
        }
        return Math.min(bytes, LARGEST_OBJECT);
    }
}
