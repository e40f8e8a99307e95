package io.tidemark.sinks;

import java.time.Instant;

/**
 * What a store says about an object without reading it.
 *
 * @param sizeBytes the length of what {@link ObjectStore#get(ObjectName)} would give
 * @param modified when the store says it was made, by the store's clock: good for politeness and for a person's eye,
 *     never for a decision about data
 */
public record StoredObject(ObjectName name, long sizeBytes, Instant modified) {}
