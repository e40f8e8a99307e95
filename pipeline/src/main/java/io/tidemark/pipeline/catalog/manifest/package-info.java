/**
 * What a backup says of itself: the lines of a manifest, a pack's index, a file's layout, an intent.
 * Start with {@link ManifestLine}, the closed set of a manifest's lines; {@link ManifestReader} streams them.
 * Flow: {@code StoredFile} -> layout reference -> {@link Layout} -> {@link ChunkReference} -> a range of a pack.
 * Never opens or stores an object: that is the work of the sealed objects in the catalog.
 * Source: docs/FORMAT.md section 5 and the grammar in pipeline/README.md.
 */
@NullMarked
package io.tidemark.pipeline.catalog.manifest;

import org.jspecify.annotations.NullMarked;
