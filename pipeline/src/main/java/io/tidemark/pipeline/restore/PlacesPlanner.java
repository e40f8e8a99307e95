package io.tidemark.pipeline.restore;

import io.tidemark.pipeline.catalog.manifest.FileMode;
import io.tidemark.pipeline.catalog.manifest.FilePath;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.config.UsageError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides where tablespaces and an outside {@code pg_wal} go: where they were, or where they are mapped to; never into the data
 * directory, into each other, or through a link. Looks at the disk, changes nothing. Blocks: for the scheduler of files.
 */
final class PlacesPlanner {
    private static final FileMode PRIVATE = new FileMode(0700);

    private final Path root;
    private final Map<Path, Path> unused;
    private final List<Place> places = new ArrayList<>();

    private PlacesPlanner(Path root, Map<Path, Path> locations) {
        this.root = root;
        this.unused = new HashMap<>(locations);
    }

    /** @param root the data directory, links on the way resolved */
    static Places plan(Path root, ManifestSurvey survey, Map<Path, Path> locations) {
        PlacesPlanner planner = new PlacesPlanner(root, locations);
        for (ManifestLine.StoredLink link : survey.links().values()) {
            planner.add(link, survey);
        }
        planner.requireUsed();
        return new Places(root, planner.places);
    }

    private void add(ManifestLine.StoredLink link, ManifestSurvey survey) {
        Path origin = link.target().toPath();
        FileMode mode = PRIVATE;
        for (ManifestLine.Tablespace tablespace : survey.tablespaces()) {
            if (tablespace.link().equals(link.path())) {
                origin = tablespace.location().toPath();
                mode = tablespace.mode();
            }
        }
        Path mapped = unused.remove(origin);
        Path wanted = mapped == null ? origin : mapped;
        requireApart(link.path(), wanted.normalize());
        Path directory = resolved(link.path(), wanted);
        requireApart(link.path(), directory);
        places.add(new Place(link.path(), origin, directory, mode));
    }

    /** The real path of a directory that need not exist yet, but whose parent must. */
    static Path resolved(FilePath what, Path wanted) {
        try {
            if (Files.exists(wanted)) {
                return wanted.toRealPath();
            }
            Path parent = wanted.getParent();
            if (parent == null || !Files.isDirectory(parent)) {
                throw new RefusedForSafety(
                        "'" + what + "' goes to '" + wanted + "', whose parent is no directory",
                        "make it (is a file system not mounted?), or say where it shall go: --tablespace-map " + wanted
                                + "=DIR");
            }
            return parent.toRealPath().resolve(wanted.getFileName());
        } catch (IOException e) {
            throw new RefusedForSafety(
                    "'" + what + "' goes to '" + wanted + "', which cannot be resolved: " + e.getMessage(), e);
        }
    }

    private void requireApart(FilePath link, Path directory) {
        if (overlap(directory, root)) {
            throw new RefusedForSafety(
                    "'" + link + "' would go to '" + directory + "', which is not outside the data directory '" + root
                            + "'",
                    "say where it shall go: --tablespace-map " + directory + "=DIR");
        }
        for (Place other : places) {
            if (overlap(directory, other.directory())) {
                throw new RefusedForSafety(
                        "'" + link + "' and '" + other.link() + "' would both go to '" + directory + "'");
            }
        }
    }

    private static boolean overlap(Path one, Path other) {
        return one.startsWith(other) || other.startsWith(one);
    }

    private void requireUsed() {
        if (!unused.isEmpty()) {
            Path first = unused.keySet().iterator().next();
            throw new UsageError(
                    "--tablespace-map names '" + first + "', where the backup has no tablespace",
                    "it has: "
                            + String.join(
                                    ", ",
                                    places.stream()
                                            .map(place -> place.origin().toString())
                                            .toList()));
        }
    }
}
