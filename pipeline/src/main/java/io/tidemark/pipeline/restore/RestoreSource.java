package io.tidemark.pipeline.restore;

import io.tidemark.crypto.keyset.PageDigests;
import io.tidemark.pipeline.catalog.SealedObjects;
import io.tidemark.sinks.ObjectStore;
import java.util.function.Supplier;

/**
 * One repository to restore from, opened.
 *
 * @param name as configured: what {@code restore_command} will say
 * @param store for listings
 * @param objects for everything that is read
 * @param pageDigests makes one, for one thread: pages that were put together by a map are compared with their list
 */
public record RestoreSource(String name, ObjectStore store, SealedObjects objects, Supplier<PageDigests> pageDigests) {}
