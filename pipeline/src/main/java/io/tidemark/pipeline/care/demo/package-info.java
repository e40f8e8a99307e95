/**
 * The demo: the main job, told as a story on a scratch cluster: archive, back up, break, restore, prove.
 * Start with {@link io.tidemark.pipeline.care.demo.Demo}, whose one public method reads as the table of contents.
 * Flow: Demo -> Backstage (directories, server, product) -> Harbour (data) -> Product (the launcher's commands) -> Narrator.
 * Never does a step in a way of its own: whatever Tidemark does here, the installed launcher does, as in production.
 * Source: CLI.md, Commands.
 */
@NullMarked
package io.tidemark.pipeline.care.demo;

import org.jspecify.annotations.NullMarked;
