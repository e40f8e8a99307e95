package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.catalog.manifest.ManifestLine.Footer;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import io.tidemark.pipeline.catalog.manifest.PageSpan;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A backup that exists now.
 *
 * @param footer counts of what is in it
 * @param storedBytes of its packs, sealed
 * @param badFiles files with bad blocks, at most {@link #MAX_BAD_FILES}; the footer counts all blocks
 * @param badFileCount how many there are
 * @param warnings entries that were not backed up, at most {@link BackupPlan#MAX_WARNINGS}
 * @param repositories that have it
 * @param dropped optional repositories that do not, and why
 */
public record BackupResult(
        Header header,
        Footer footer,
        long storedBytes,
        List<BadFile> badFiles,
        long badFileCount,
        List<String> warnings,
        List<String> repositories,
        Map<String, String> dropped,
        Duration took) {
    public static final int MAX_BAD_FILES = 1000;

    /** @param blocks by their numbers in the whole relation fork */
    public record BadFile(String path, List<PageSpan> blocks) {
        public BadFile {
            blocks = List.copyOf(blocks);
        }
    }

    /** What became of a run whose manifest is stored. */
    static BackupResult of(
            BackupRun run, Header header, Footer footer, List<String> warnings, TargetSet targets, Duration took) {
        return new BackupResult(
                header,
                footer,
                run.storedBytes(),
                run.badFiles(),
                run.badFileCount(),
                warnings,
                targets.stillIn(),
                targets.whyDropped(),
                took);
    }

    public BackupResult {
        badFiles = List.copyOf(badFiles);
        warnings = List.copyOf(warnings);
        repositories = List.copyOf(repositories);
        dropped = Map.copyOf(dropped);
    }
}
