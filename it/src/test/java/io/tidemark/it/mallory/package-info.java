/**
 * Mallory: somebody who may put, overwrite and delete in the repository's directory and has no key.
 * Start with {@link io.tidemark.it.mallory.MalloryTest}; {@link io.tidemark.it.mallory.Acts} is the list of what she does.
 * Flow: a real cluster, archived and backed up twice -> a copy of its repository -> an act -> probes by the real commands.
 * Never starts a server on what was restored: what counts is which bytes came out, and what was said.
 * Source: docs/decisions/0001-threat-model.md.
 */
@NullMarked
package io.tidemark.it.mallory;

import org.jspecify.annotations.NullMarked;
