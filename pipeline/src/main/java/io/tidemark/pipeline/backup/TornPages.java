package io.tidemark.pipeline.backup;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.pipeline.catalog.manifest.FilePath;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredFile;
import io.tidemark.pipeline.catalog.manifest.PageChecksums;
import io.tidemark.pipeline.config.IntegrityFailed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Pages of a running server whose checksum fails. One with an LSN between the backup's start and its stop was being
 * written while it was read, and replay puts a whole image over it; any other is bad. The stop is known at the end
 * only, so what may be torn waits here until then. For one thread at a time.
 */
final class TornPages {
    /** A page is torn only in the moment of its being written: more are no accident, and would fill the memory. */
    static final int MAX_PAGES = 1 << 16;

    private final Lsn start;
    private final Map<FilePath, List<Page>> pages = new HashMap<>();
    private int count;

    private record Page(long block, Lsn lsn) {}

    /** @param start of the backup: the redo point of its checkpoint */
    TornPages(Lsn start) {
        this.start = start;
    }

    /**
     * Whether the page may be torn rather than bad; then it is remembered.
     *
     * @param lsn that the page itself bears
     * @throws IntegrityFailed where there are too many of them
     */
    boolean remembers(FilePath file, long block, Lsn lsn) {
        if (lsn.isBefore(start)) {
            return false;
        }
        count++;
        if (count > MAX_PAGES) {
            throw new IntegrityFailed(
                    "more than " + MAX_PAGES + " pages have wrong checksums, the last in " + file + ", block " + block,
                    "check the data files: pg_amcheck, pg_checksums on a stopped copy");
        }
        pages.computeIfAbsent(file, none -> new ArrayList<>()).add(new Page(block, lsn));
        return true;
    }

    /** The file's line, its torn pages judged: those beyond the stop are bad after all. */
    StoredFile judged(StoredFile file, Lsn stop) {
        List<Page> remembered = pages.getOrDefault(file.path(), List.of());
        if (remembered.stream().noneMatch(page -> page.lsn().isAfter(stop))) {
            return file;
        }
        BlockSpans torn = new BlockSpans();
        List<Long> bad = new ArrayList<>();
        file.checksums().bad().forEach(span -> {
            for (long block = span.firstPage(); block < span.firstPage() + span.count(); block++) {
                bad.add(block);
            }
        });
        for (Page page : remembered) {
            if (page.lsn().isAfter(stop)) {
                bad.add(page.block());
            } else {
                torn.add(page.block());
            }
        }
        BlockSpans spans = new BlockSpans();
        bad.stream().sorted().forEach(spans::add);
        return file.withChecksums(new PageChecksums(PageChecksums.State.FAILED, spans.list(), torn.list()));
    }
}
