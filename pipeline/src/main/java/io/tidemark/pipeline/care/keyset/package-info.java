/**
 * A cluster's keyset, looked after: what it is, a new key, old generations away, the recovery key.
 * Start with {@link io.tidemark.pipeline.care.keyset.KeysetRotation}; a {@link io.tidemark.pipeline.care.keyset.KeyRoot} is one repository.
 * Flow: roots -> the generation that counts in each -> a put that decides, copies, deletions -> a report.
 * Never re-seals an object, and takes no key out of a keyset.
 * Source: FORMAT.md section 4.
 */
@NullMarked
package io.tidemark.pipeline.care.keyset;

import org.jspecify.annotations.NullMarked;
