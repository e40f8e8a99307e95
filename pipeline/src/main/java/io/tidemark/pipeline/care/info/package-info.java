/**
 * What lies in a repository, told without reading more than names and a few facts.
 * Start with {@link io.tidemark.pipeline.care.info.RepositoryInventory}; {@link io.tidemark.pipeline.care.info.RootInfo} is its result.
 * Flow: listings, as streams -> counters for each system and timeline -> headers of manifests -> RootInfo.
 * Never proves that an object opens: that is the work of verify.
 * Source: FORMAT.md sections 1 and 5; CLI.md.
 */
@NullMarked
package io.tidemark.pipeline.care.info;

import org.jspecify.annotations.NullMarked;
