package io.tidemark.pipeline.restore;

import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.pipeline.catalog.manifest.FilePath;
import io.tidemark.pipeline.catalog.manifest.FileState;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.NotInThisVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What a plan needs to know of a manifest, by one pass over it: all but the files themselves, of which it counts. Memory grows with
 * directories, tablespaces and packs, not with files. The reader has checked every line; here is checked what a restore adds to that.
 */
final class ManifestSurvey {
    static final FilePath CONTROL = FilePath.of("global/pg_control");
    static final FilePath VERSION = FilePath.of("PG_VERSION");
    /** A database has one directory: clusters with more than this do not exist. */
    private static final int MAX_DIRECTORIES = 1 << 18;

    private static final int MAX_NAMED = 20;

    private ManifestLine.@Nullable Header header;
    private final Map<Integer, ManifestLine.Pack> packs = new HashMap<>();
    private final List<ManifestLine.Tablespace> tablespaces = new ArrayList<>();
    private final TreeMap<FilePath, ManifestLine.StoredDirectory> directories = new TreeMap<>();
    private final TreeMap<FilePath, ManifestLine.StoredLink> links = new TreeMap<>();
    private final Map<FilePath, Integer> entries = new HashMap<>();
    private final SortedSet<WalSegmentName> ownWal = new TreeSet<>();
    private final List<FilePath> leftOut = new ArrayList<>();
    private final List<String> damaged = new ArrayList<>();
    private int entriesAtTop;
    private long files;
    private long bytes;
    private long badBlocks;
    private boolean control;
    private boolean version;
    private boolean autoConf;

    /** Emits once, when the manifest's footer has been verified. */
    static Mono<ManifestSurvey> of(Flux<ManifestLine> lines) {
        return lines.collect(ManifestSurvey::new, ManifestSurvey::accept).doOnNext(ManifestSurvey::requireWhole);
    }

    ManifestLine.Header header() {
        if (header == null) {
            throw new IllegalStateException("a manifest without header was taken for a backup");
        }
        return header;
    }

    Map<Integer, ManifestLine.Pack> packs() {
        return packs;
    }

    List<ManifestLine.Tablespace> tablespaces() {
        return tablespaces;
    }

    /** Sorted: a directory comes before what lies in it. */
    TreeMap<FilePath, ManifestLine.StoredDirectory> directories() {
        return directories;
    }

    /** Those that are made again. */
    TreeMap<FilePath, ManifestLine.StoredLink> links() {
        return links;
    }

    /** How many entries the plan puts into a directory, a link's own included; 0 for one that has none. */
    int entriesIn(FilePath directory) {
        return entries.getOrDefault(directory, 0);
    }

    int entriesAtTop() {
        return entriesAtTop;
    }

    /** WAL segments that lie in the backup's own {@code pg_wal}. */
    SortedSet<WalSegmentName> ownWal() {
        return ownWal;
    }

    /** Entries that are not restored: links that lead out, and files of a running server. The first few. */
    List<FilePath> leftOut() {
        return leftOut;
    }

    /** Files in which the backup found bad pages, with their blocks. The first few. */
    List<String> damaged() {
        return damaged;
    }

    boolean hasAutoConf() {
        return autoConf;
    }

    long badBlocks() {
        return badBlocks;
    }

    long files() {
        return files;
    }

    long bytes() {
        return bytes;
    }

    private void accept(ManifestLine line) {
        switch (line.kind()) {
            case HEADER -> header = (ManifestLine.Header) line;
            case ABANDONED -> throw new IntegrityFailed("an abandoned backup cannot be restored");
            case PACK -> packs.put(((ManifestLine.Pack) line).number(), (ManifestLine.Pack) line);
            case TABLESPACE -> tablespaces.add((ManifestLine.Tablespace) line);
            case CAPTURE ->
                throw new NotInThisVersion("the backup needs keys of pg_tde: restoring it is not in this version");
            case FILE -> entry((ManifestLine.Entry) line);
            case FOOTER -> {}
        }
    }

    private void entry(ManifestLine.Entry entry) {
        FilePath path = entry.path();
        if (!RestoredPaths.isRestored(entry)) {
            if (leftOut.size() < MAX_NAMED) {
                leftOut.add(path);
            }
            return;
        }
        requireOwnName(path);
        count(path);
        if (entry instanceof ManifestLine.StoredDirectory directory) {
            if (directories.size() >= MAX_DIRECTORIES) {
                throw new IntegrityFailed(
                        "backup with more than " + MAX_DIRECTORIES + " directories, at '" + path + "'");
            }
            directories.put(path, directory);
        } else if (entry instanceof ManifestLine.StoredLink link) {
            links.put(path, link);
        } else if (entry instanceof ManifestLine.StoredFile file) {
            file(file);
        }
    }

    /** A directory outside holds nothing but what PostgreSQL puts there: whoever wrote the manifest chose its place, too. */
    private void requireOwnName(FilePath path) {
        FilePath link = links.floorKey(path);
        if (link == null || !path.isBelow(link)) {
            return;
        }
        FilePath below = RestoredPaths.below(link, path);
        FilePath version = FilePath.of(header().cluster().tablespaceDirectory());
        boolean own = link.equals(RestoredPaths.WAL)
                ? WalDirectoryNames.isOwn(below.toString())
                : below.equals(version) || below.isBelow(version);
        if (!own) {
            throw new IntegrityFailed("'" + path + "' is nothing that PostgreSQL puts behind the link '" + link
                    + "': it is not restored");
        }
    }

    private void count(FilePath path) {
        if (path.isAtTop()) {
            entriesAtTop++;
        } else {
            entries.merge(RestoredPaths.directoryOf(path), 1, Integer::sum);
        }
    }

    private void file(ManifestLine.StoredFile file) {
        if (file.state() != FileState.PLAIN) {
            throw new NotInThisVersion("'" + file.path() + "' is of state " + file.state()
                    + ": restoring files of pg_tde is not in this version");
        }
        files++;
        bytes += file.size();
        control |= file.path().equals(CONTROL);
        autoConf |= file.path().equals(RestoredPaths.AUTO_CONF);
        version |= file.path().equals(VERSION);
        if (file.checksums().badBlocks() > 0) {
            badBlocks += file.checksums().badBlocks();
            if (damaged.size() < MAX_NAMED) {
                damaged.add(file.path() + " "
                        + RestoredPaths.blocks(file.checksums().bad()));
            }
        }
        if (RestoredPaths.isSegmentInWal(file.path())) {
            WalSegmentName segment = WalSegmentName.parse(file.path().name());
            if (file.size() == header().cluster().segmentSize().bytes()) {
                ownWal.add(segment);
            }
        }
    }

    private void requireWhole() {
        if (!control || !version) {
            throw new IntegrityFailed("backup " + header().label() + " has no '" + (control ? VERSION : CONTROL)
                    + "': it is not of a data directory");
        }
    }
}
