/**
 * What is stored: names of objects, the marker of a root, facts, sealed objects, manifests, packs and layouts.
 * Start with {@link io.tidemark.pipeline.catalog.ObjectNames}; {@link io.tidemark.pipeline.catalog.Repository} is an opened root.
 * Flow: ObjectStore -> RepositoryMarker -> Repository -> SealedObjects -> Facts, manifest lines, chunks.
 * Never decides what to archive, keep or restore: that is the verbs' work; it fetches no key either.
 * Source: FORMAT.md sections 1, 3 and 5.
 */
@NullMarked
package io.tidemark.pipeline.catalog;

import org.jspecify.annotations.NullMarked;
