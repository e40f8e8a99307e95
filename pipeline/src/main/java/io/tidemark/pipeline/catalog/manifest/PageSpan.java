package io.tidemark.pipeline.catalog.manifest;

/** Pages of a file in a row: the first one's number, and how many. */
public record PageSpan(long firstPage, long count) {
    public PageSpan {
        if (firstPage < 0 || count < 1) {
            throw new IllegalArgumentException("page span " + firstPage + "+" + count);
        }
    }
}
