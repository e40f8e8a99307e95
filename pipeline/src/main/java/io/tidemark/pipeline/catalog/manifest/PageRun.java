package io.tidemark.pipeline.catalog.manifest;

/**
 * Pages of a file that follow each other in a chunk.
 *
 * @param firstPage of the file
 * @param count how many
 * @param chunk the number of the chunk in the layout, from 0
 * @param firstInChunk the page of the chunk that the first one is
 */
public record PageRun(long firstPage, long count, int chunk, long firstInChunk) {
    public PageRun {
        if (firstPage < 0 || count < 1 || chunk < 0 || firstInChunk < 0) {
            throw new IllegalArgumentException(
                    "page run " + firstPage + "+" + count + " from page " + firstInChunk + " of chunk " + chunk);
        }
    }
}
