package io.tidemark.pipeline.care.demo;

/**
 * What a table holds, in one line that two servers can be compared by.
 *
 * @param sha256 of all rows as text, in the order of their keys
 */
record TableState(String table, long rows, String sha256) {
    String shortDigest() {
        return sha256.substring(0, 16);
    }
}
