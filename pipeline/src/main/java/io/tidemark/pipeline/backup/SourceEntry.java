package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.catalog.manifest.FilePath;
import io.tidemark.pipeline.catalog.manifest.LinkTarget;
import io.tidemark.pipeline.catalog.manifest.RelationSegment;
import org.jspecify.annotations.Nullable;

/** One entry of a data directory that belongs to the backup, wherever it was read. */
sealed interface SourceEntry {
    /** Its path in the backup. */
    FilePath path();

    FileStat stat();

    /** A file with its content. */
    record SourceFile(
            FilePath path, FileStat stat, @Nullable RelationSegment relation) implements SourceEntry {}

    record SourceDirectory(FilePath path, FileStat stat) implements SourceEntry {}

    record SourceLink(FilePath path, FileStat stat, LinkTarget target) implements SourceEntry {}
}
