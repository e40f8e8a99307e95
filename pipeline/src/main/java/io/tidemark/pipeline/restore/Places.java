package io.tidemark.pipeline.restore;

import io.tidemark.pipeline.catalog.manifest.FilePath;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the entries of a backup go: below the data directory, or below the directory that a link leads to. Nothing is ever written
 * through a link: who writes asks here, and the links themselves are made last.
 *
 * @param root the data directory, absolute, links on the way resolved
 */
record Places(Path root, List<Place> outside) {
    Places {
        outside = List.copyOf(outside);
    }

    /** A path below one directory on disk. */
    record Spot(Path base, FilePath path) {}

    Spot spot(FilePath path) {
        for (Place place : outside) {
            if (path.isBelow(place.link())) {
                return new Spot(place.directory(), RestoredPaths.below(place.link(), path));
            }
        }
        return new Spot(root, path);
    }

    Optional<Place> at(FilePath link) {
        return outside.stream().filter(place -> place.link().equals(link)).findFirst();
    }
}
