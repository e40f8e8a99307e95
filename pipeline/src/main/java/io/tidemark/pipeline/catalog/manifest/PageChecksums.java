package io.tidemark.pipeline.catalog.manifest;

import java.util.List;

/**
 * What the checksums of a file's pages said. Block numbers are those of the whole relation fork, as PostgreSQL prints
 * them, segments of the fork counted through.
 *
 * @param bad spans of blocks whose checksum fails and that WAL does not mend
 * @param torn spans of blocks that were being written, which replay mends
 */
public record PageChecksums(State state, List<PageSpan> bad, List<PageSpan> torn) {
    /** The last span is stretched to the file's end where there would be more: too many are never too few. */
    public static final int MAX_SPANS = 1 << 15;

    public static final PageChecksums NONE = new PageChecksums(State.NONE, List.of(), List.of());
    public static final PageChecksums VERIFIED = new PageChecksums(State.VERIFIED, List.of(), List.of());
    public static final PageChecksums SUSPECT = new PageChecksums(State.SUSPECT, List.of(), List.of());

    /** The five answers of docs/FORMAT.md section 5; {@code bad} and {@code torn} together are {@code FAILED}. */
    public enum State {
        /** There are none: the cluster has no data checksums, or the file no pages. */
        NONE("none"),
        VERIFIED("verified"),
        SUSPECT("suspect"),
        FAILED("failed");

        private final String word;

        State(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    public PageChecksums {
        bad = List.copyOf(bad);
        torn = List.copyOf(torn);
        if ((state == State.FAILED) == (bad.isEmpty() && torn.isEmpty())) {
            throw new IllegalArgumentException(
                    "page checksums " + state + " with " + (bad.size() + torn.size()) + " spans of blocks");
        }
        if (bad.size() > MAX_SPANS || torn.size() > MAX_SPANS) {
            throw new IllegalArgumentException("more than " + MAX_SPANS + " spans of blocks");
        }
    }

    public static PageChecksums bad(List<PageSpan> blocks) {
        return new PageChecksums(State.FAILED, blocks, List.of());
    }

    /** How many blocks are bad. */
    public long badBlocks() {
        return bad.stream().mapToLong(PageSpan::count).sum();
    }
}
