package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.catalog.manifest.FilePath;
import io.tidemark.pipeline.catalog.manifest.LinkTarget;
import io.tidemark.pipeline.catalog.manifest.RelationSegment;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One entry of the data directory that belongs to the backup. */
sealed interface SourceEntry {
    /** Its path in the backup. */
    FilePath path();

    /** Where it is on this machine. */
    Path onDisk();

    FileStat stat();

    /** A file with its content. */
    record SourceFile(
            FilePath path,
            Path onDisk,
            FileStat stat,
            @Nullable RelationSegment relation) implements SourceEntry {}

    record SourceDirectory(FilePath path, Path onDisk, FileStat stat) implements SourceEntry {}

    record SourceLink(FilePath path, Path onDisk, FileStat stat, LinkTarget target) implements SourceEntry {}
}
