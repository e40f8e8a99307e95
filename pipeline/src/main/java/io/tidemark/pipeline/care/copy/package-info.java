/**
 * Fills one repository of a cluster from another one: objects as they lie there, each opened and checked on the way.
 * Start with {@link io.tidemark.pipeline.care.copy.Copy}; its order keeps the target closed under reference at any moment.
 * Flow: two sorted listings -> Missing -> SealedCopy -> CopyReport.
 * Never reads pg_wal, never overwrites, and never copies what marks a running backup.
 * Source: FORMAT.md sections 1, 2 and 5.
 */
@NullMarked
package io.tidemark.pipeline.care.copy;

import org.jspecify.annotations.NullMarked;
