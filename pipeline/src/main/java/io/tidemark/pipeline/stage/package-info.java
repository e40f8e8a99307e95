/**
 * The boxes of the flow: each class is one stage, {@code Flux<ByteBuf> -> Flux<ByteBuf>}, made for one file or object.
 * Start with {@link io.tidemark.pipeline.stage.Compress}; {@link io.tidemark.pipeline.stage.Expand} is its way back.
 * Flow: FileSource -> CheckWal -> DigestStage -> Compress -> SealStage; UnsealStage -> Expand -> DurableFile.
 * Never knows where bytes come from or go to, beyond a file's path; never holds more than a few buffers.
 * Source: docs/FORMAT.md, sections 2 and 3; docs/ARCHITECTURE.md, section 1.
 */
@NullMarked
package io.tidemark.pipeline.stage;

import org.jspecify.annotations.NullMarked;
