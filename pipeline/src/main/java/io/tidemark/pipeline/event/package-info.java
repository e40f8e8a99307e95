/**
 * What the verbs and stages report while they work, without knowing where it goes.
 * Start with {@link EventLog}; {@link Event} is one line of it, {@link EventKind} the closed list that each package keeps.
 * Flow: archive, stage, catalog -> EventLog -> lines on standard error (archive-push and archive-get) or SLF4J (all else).
 * Never holds keys, file content or configuration values: identifiers, sizes, names and durations only.
 * Source: docs/decisions/0003-checks.md (class path of archive-push).
 */
@NullMarked
package io.tidemark.pipeline.event;

import org.jspecify.annotations.NullMarked;
