package io.tidemark.sinks;

import java.time.Instant;

/**
 * What an unfinished put has left in a store.
 *
 * @param id what the store knows it by; not for people
 * @param description for people: {@code .tmp/3f…}, {@code multipart upload of 1/wal/…}
 * @param since when it was begun, by the store's clock
 */
public record Leftover(String id, String description, Instant since) {}
