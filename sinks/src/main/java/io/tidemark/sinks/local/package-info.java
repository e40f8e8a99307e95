/**
 * A directory as an object store: one file an object, put if absent by {@code link()}, durable by fsync.
 * Start with {@link io.tidemark.sinks.local.LocalDirectoryStore}.
 * Flow: ObjectBody -> .tmp/random -> fsync -> link -> unlink -> fsync of the directories -> PutOutcome.
 * Never follows a link below its root, never makes its root but at init, never blocks a thread but the file scheduler's.
 * Source: FORMAT.md section 7.
 */
@NullMarked
package io.tidemark.sinks.local;

import org.jspecify.annotations.NullMarked;
