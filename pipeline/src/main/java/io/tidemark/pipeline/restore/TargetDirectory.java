package io.tidemark.pipeline.restore;

import io.tidemark.pipeline.config.RefusedForSafety;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a restore may begin in a directory, and how. Looks, changes nothing. Blocks: for the scheduler of files.
 * Nothing that exists is destroyed: the directory is absent, empty, or holds what an interrupted restore of the same backup left.
 */
final class TargetDirectory {
    private TargetDirectory() {}

    /** How the files of a restore meet what is there. */
    enum Start {
        /** Nothing is there: a file that is there all the same is somebody else's, and an error. */
        FRESH,
        /** An interrupted restore's files are there, and are written again. */
        AGAIN,
        /** This very run's files of another backup are there: they are removed, then it is as in {@link #AGAIN}. */
        INSTEAD
    }

    /** The real path of an absolute one, which need not exist, but whose parent must. */
    static Path resolved(Path wanted) {
        try {
            if (Files.exists(wanted)) {
                return wanted.toRealPath();
            }
            if (Files.exists(wanted, LinkOption.NOFOLLOW_LINKS)) {
                throw new RefusedForSafety("'" + wanted + "' is a link that leads nowhere");
            }
            Path parent = wanted.getParent();
            if (parent == null || !Files.isDirectory(parent)) {
                throw new RefusedForSafety(
                        "cannot restore to '" + wanted + "': its parent is no directory",
                        "make the parent directory first");
            }
            return parent.toRealPath().resolve(wanted.getFileName());
        } catch (IOException e) {
            throw new RefusedForSafety("cannot restore to '" + wanted + "': " + e.getMessage(), e);
        }
    }

    /**
     * @param ours the marker that this restore would write
     * @param before the one that this very run has written, for a plan that it had to give up; null where there was none
     */
    static Start startIn(Path directory, RestoreMarker ours, @Nullable RestoreMarker before) {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            requireOwner(directory.getParent(), directory);
            return Start.FRESH;
        }
        if (!Files.isDirectory(directory)) {
            throw new RefusedForSafety("'" + directory + "' is no directory");
        }
        requireNoServer(directory);
        Optional<String> entry = firstEntry(directory);
        if (entry.isEmpty()) {
            requireOwner(directory, directory);
            return Start.FRESH;
        }
        Optional<RestoreMarker> marker = RestoreMarker.in(directory);
        if (marker.isEmpty()) {
            throw new RefusedForSafety(
                    "'" + directory + "' is not empty: it has '" + entry.get() + "'",
                    "restore into a new directory, or move what is there away");
        }
        if (marker.get().equals(before) && !marker.get().isOf(ours)) {
            return Start.INSTEAD;
        }
        requireSame(directory, marker.get(), ours);
        return Start.AGAIN;
    }

    private static void requireSame(Path directory, RestoreMarker found, RestoreMarker ours) {
        if (Files.exists(directory.resolve("global/pg_control"), LinkOption.NOFOLLOW_LINKS)) {
            throw new RefusedForSafety(
                    "'" + directory + "' holds a restore of backup " + found.label() + " that was all but finished",
                    "it can be started: remove " + RestoreMarker.NAME
                            + " there; or empty the directory and run the restore again");
        }
        if (!found.isOf(ours)) {
            throw new RefusedForSafety(
                    "'" + directory + "' holds an unfinished restore of backup " + found.label() + " to '"
                            + found.directory() + "', begun " + found.started(),
                    "run that one again (--backup " + found.label() + "), or empty the directory");
        }
    }

    /** A pid file of a process that lives is a server, whatever else is in the directory; one of a dead process is a file like others. */
    private static void requireNoServer(Path directory) {
        Path file = directory.resolve("postmaster.pid");
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Optional<Long> pid = pid(file);
        if (pid.isEmpty() || ProcessHandle.of(pid.get()).isPresent()) {
            throw new RefusedForSafety(
                    "a PostgreSQL server runs in '" + directory + "'"
                            + pid.map(number -> " (process " + number + ")").orElse(""),
                    "stop it and move its directory away, or restore into another one");
        }
    }

    private static Optional<Long> pid(Path file) {
        try {
            List<String> lines = Files.readAllLines(file, java.nio.charset.StandardCharsets.ISO_8859_1);
            return lines.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Long.parseLong(lines.get(0).strip()));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** PostgreSQL starts only as the owner of its data directory: files that belong to somebody else are of no use. */
    private static void requireOwner(@Nullable Path existing, Path directory) {
        if (existing == null) {
            return;
        }
        try {
            int owner = (Integer) Files.getAttribute(existing, "unix:uid");
            int own = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            if (owner != own && (own == 0 || existing.equals(directory))) {
                String name = Files.readAttributes(existing, PosixFileAttributes.class)
                        .owner()
                        .getName();
                throw new RefusedForSafety(
                        "'" + existing + "' belongs to " + name
                                + ", and the restored files would belong to somebody else",
                        "run the restore as " + name);
            }
        } catch (IOException | UnsupportedOperationException e) {
            throw new RefusedForSafety("cannot see who owns '" + existing + "': " + e.getMessage(), e);
        }
    }

    private static Optional<String> firstEntry(Path directory) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            Iterator<Path> entry = entries.iterator();
            return entry.hasNext() ? Optional.of(String.valueOf(entry.next().getFileName())) : Optional.empty();
        } catch (IOException e) {
            throw new RefusedForSafety("cannot look into '" + directory + "': " + e.getMessage(), e);
        }
    }
}
