package io.tidemark.pipeline.catalog.manifest;

import io.tidemark.pipeline.catalog.manifest.ManifestLine.Capture;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Entry;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Footer;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Kind;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Pack;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredDirectory;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredFile;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredLink;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Tablespace;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What lines of a manifest must be to each other: their order, that each path's directory came before it and is none
 * behind a link that leads out, that layouts lie in packs that are named, and that the footer counts what came. A
 * manifest may be sealed with the right key and hostile all the same.
 */
final class ManifestChecks {
    /** More tablespaces, captures or packs than this are refused. */
    static final int MAX_TABLESPACES = 1 << 16;

    private static final int MAX_CAPTURES = 1 << 16;
    private static final int MAX_PACKS = 1 << 22;

    private @Nullable ManifestLine last;
    private final Map<Integer, Long> packContent = new HashMap<>();
    private final Map<Long, LinkTarget> tablespaces = new HashMap<>();
    private final Set<Capture> captures = new HashSet<>();
    // directories under which later paths may lie; each is a beginning of the last, so there are few
    private final Deque<FilePath> open = new ArrayDeque<>();
    private long files;
    private long directories;
    private long links;
    private long bytes;
    private long badBlocks;

    /** @throws IllegalArgumentException where the line may not follow those before */
    void accept(ManifestLine line) {
        requireOrder(line);
        switch (line.kind()) {
            case HEADER, ABANDONED -> {}
            case PACK -> pack((Pack) line);
            case TABLESPACE -> tablespace((Tablespace) line);
            case CAPTURE -> capture((Capture) line);
            case FILE -> entry((Entry) line);
            case FOOTER -> footer((Footer) line);
        }
        last = line;
    }

    /** Whether the footer has come. */
    boolean isComplete() {
        return last != null && last.kind() == Kind.FOOTER;
    }

    /** The footer for what has come. */
    Footer counted(String sha256) {
        return new Footer(
                packContent.size(),
                tablespaces.size(),
                captures.size(),
                files,
                directories,
                links,
                bytes,
                badBlocks,
                sha256);
    }

    private void requireOrder(ManifestLine line) {
        Kind before = last == null ? Kind.HEADER : last.kind();
        boolean first = line.kind() == Kind.HEADER || line.kind() == Kind.ABANDONED;
        if (first != (last == null)) {
            throw new IllegalArgumentException(first ? "a second header" : "no header in the first line");
        }
        if (before == Kind.ABANDONED && line.kind() != Kind.FOOTER) {
            throw new IllegalArgumentException("line '" + line.kind() + "' in an abandoned backup");
        }
        if (before == Kind.FOOTER || line.kind().compareTo(before) < 0) {
            throw new IllegalArgumentException("line '" + line.kind() + "' after a line '" + before + "'");
        }
    }

    private void pack(Pack pack) {
        if (last instanceof Pack before && before.number() >= pack.number()) {
            throw new IllegalArgumentException("pack " + pack.number() + " after pack " + before.number());
        }
        requireAtMost(packContent.size(), MAX_PACKS, "packs");
        packContent.put(pack.number(), pack.objectLength());
    }

    private void tablespace(Tablespace tablespace) {
        if (last instanceof Tablespace before && before.oid() >= tablespace.oid()) {
            throw new IllegalArgumentException("tablespace " + tablespace.oid() + " after " + before.oid());
        }
        requireAtMost(tablespaces.size(), MAX_TABLESPACES, "tablespaces");
        tablespaces.put(tablespace.oid(), tablespace.location());
    }

    private void capture(Capture capture) {
        requireAtMost(captures.size(), MAX_CAPTURES, "captures");
        if (!captures.add(capture)) {
            throw new IllegalArgumentException("capture " + capture.node() + "/" + capture.capture() + " twice");
        }
    }

    private void entry(Entry entry) {
        if (last instanceof Entry before && before.path().compareTo(entry.path()) >= 0) {
            throw new IllegalArgumentException(
                    "'" + entry.path() + "' after '" + before.path() + "': paths are not sorted, or there twice");
        }
        requireDirectory(entry.path());
        if (entry instanceof StoredFile file) {
            file(file);
        } else if (entry instanceof StoredDirectory directory) {
            directories++;
            open.push(directory.path());
        } else if (entry instanceof StoredLink link) {
            link(link);
        }
    }

    private void requireDirectory(FilePath path) {
        while (!open.isEmpty() && open.peek().allEntriesBefore(path)) {
            open.pop();
        }
        if (!path.isAtTop() && open.stream().noneMatch(path::isDirectlyBelow)) {
            throw new IllegalArgumentException(
                    "'" + path + "' lies in no directory of the manifest, or behind a link that is not made again");
        }
    }

    private void file(StoredFile file) {
        files++;
        bytes = Math.addExact(bytes, file.size());
        badBlocks = Math.addExact(badBlocks, file.checksums().badBlocks());
        ChunkReference layout = file.layout();
        if (layout != null) {
            Long packLength = packContent.get(layout.pack());
            // the sealed object is longer than its content, so this refuses only what cannot be
            if (packLength == null || layout.end() > packLength) {
                throw new IllegalArgumentException("'" + file.path() + "': layout at " + layout.offset() + "+"
                        + layout.storedLength() + " of pack " + layout.pack()
                        + (packLength == null ? ", which is not named" : ", which has " + packLength + " bytes"));
            }
        }
        Capture key = file.tdeKey();
        if (key != null && !captures.contains(key)) {
            throw new IllegalArgumentException("'" + file.path() + "': key in a capture that is not named");
        }
    }

    private void link(StoredLink link) {
        links++;
        if (link.isTablespace()) {
            LinkTarget location = tablespaces.get(tablespaceOid(link));
            if (location == null || !location.equals(link.target())) {
                throw new IllegalArgumentException("'" + link.path() + "' links to '" + link.target()
                        + "', which is no tablespace of the manifest");
            }
        }
        if (link.isMadeAgain()) {
            if (!link.target().isAbsolute()) {
                throw new IllegalArgumentException(
                        "'" + link.path() + "' links to '" + link.target() + "', which is not absolute");
            }
            open.push(link.path());
        }
    }

    private static long tablespaceOid(StoredLink link) {
        String name = link.path().name();
        if (!name.matches("[1-9][0-9]{0,9}")) {
            throw new IllegalArgumentException("'" + link.path() + "' is no link of a tablespace");
        }
        return Long.parseLong(name);
    }

    private void footer(Footer footer) {
        Footer counted = counted(footer.sha256());
        if (!counted.equals(footer)) {
            throw new IllegalArgumentException("footer " + footer + ", but there were " + counted);
        }
    }

    private static void requireAtMost(int size, int most, String what) {
        if (size >= most) {
            throw new IllegalArgumentException("more than " + most + " " + what);
        }
    }
}
