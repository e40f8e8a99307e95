package io.tidemark.sinks.local;

import io.tidemark.sinks.IntegrityFailed;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.StoreUnavailable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The directory under which a store lives, and the ways down from it. Blocks.
 *
 * <p>Below it nothing is followed that is a link: every directory on the way to a name is looked at before use. Who can
 * swap a directory for a link between the look and the use writes the repository as its own user, and could as well
 * remove it.
 */
final class Root {

    static final FileAttribute<Set<PosixFilePermission>> DIRECTORY_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    static final FileAttribute<Set<PosixFilePermission>> FILE_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** Beyond so many remembered directories they are forgotten and synchronised once more. */
    private static final int SETTLED = 4096;

    private final Path path;
    private final Path temporary;

    /** Directories whose entries, up to the root, are known to be durable. Only a saving: it may be emptied any time. */
    private final Set<Path> settled = ConcurrentHashMap.newKeySet();

    Root(Path path) {
        this.path = path.toAbsolutePath().normalize();
        this.temporary = this.path.resolve(".tmp");
    }

    Path path() {
        return path;
    }

    Path temporary() {
        return temporary;
    }

    Path file(ObjectName name) {
        return path.resolve(name.value());
    }

    /**
     * The identity of the root directory as it is now. A root that is not there is a mount that is gone, never an empty
     * store.
     */
    Object identity() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (!attributes.isDirectory()) {
                throw new StoreUnavailable("open " + path + ": the repository's root is no directory", null);
            }
            return Objects.requireNonNullElse(attributes.fileKey(), path);
        } catch (NoSuchFileException e) {
            throw new StoreUnavailable(
                    "open " + path + ": the repository's root is not there\nHINT: is it mounted? only init makes it",
                    e);
        } catch (IOException e) {
            throw FileFailure.of("open", path, e);
        }
    }

    /** What was not found is absent only if the root is still the one that was asked. */
    void confirm(Object identity) {
        if (!identity().equals(identity)) {
            throw new StoreUnavailable("open " + path + ": the repository's root was replaced meanwhile", null);
        }
    }

    /** What lies at a name: empty if nothing does. Fails if it, or something on the way to it, is not what a store makes. */
    Optional<BasicFileAttributes> look(ObjectName name) throws IOException {
        for (Path directory = path, way = path.relativize(file(name)); ; ) {
            Path part = directory.resolve(way.getName(0));
            BasicFileAttributes attributes = attributes(part);
            if (attributes == null) {
                return Optional.empty();
            }
            if (way.getNameCount() == 1) {
                return Optional.of(attributes);
            }
            checkDirectory(part, attributes);
            directory = part;
            way = way.subpath(1, way.getNameCount());
        }
    }

    /** Makes the directories that a name needs and gives the last of them. The root itself is never made. */
    Path makeWay(ObjectName name) throws IOException {
        Path directory = path;
        Path parents = path.relativize(file(name)).getParent();
        if (parents != null) {
            for (Path part : parents) {
                directory = directory.resolve(part);
                makeDirectory(directory);
            }
        }
        return directory;
    }

    void makeDirectory(Path directory) throws IOException {
        BasicFileAttributes attributes = attributes(directory);
        if (attributes == null) {
            settled.remove(directory);
            try {
                Files.createDirectory(directory, DIRECTORY_MODE);
                return;
            } catch (FileAlreadyExistsException e) {
                // Another writer was first, which is as good, if it made a directory.
                attributes = Files.readAttributes(directory, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            }
        }
        checkDirectory(directory, attributes);
    }

    /**
     * Makes an entry of {@code directory} durable, and the entries of the directories above it: whether this writer made
     * them, another one that has not come to its fsync yet, or one that was killed before.
     */
    void settle(Path directory) {
        synchronise(directory);
        if (!settled.contains(directory)) {
            settleParents(directory);
        }
    }

    /** As {@link #settle}, trusting nothing that is remembered. */
    void settleAnew(Path directory) {
        synchronise(directory);
        settleParents(directory);
    }

    private void settleParents(Path directory) {
        for (Path above = directory; !above.equals(path); ) {
            above = Objects.requireNonNull(above.getParent());
            synchronise(above);
        }
        if (settled.size() >= SETTLED) {
            settled.clear();
        }
        settled.add(directory);
    }

    static void synchronise(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            throw FileFailure.ofFeature("fsync directory", directory, e);
        }
    }

    static @Nullable BasicFileAttributes attributes(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static void checkDirectory(Path directory, BasicFileAttributes attributes) {
        if (!attributes.isDirectory()) {
            throw new IntegrityFailed(
                    "open " + directory + ": " + (attributes.isSymbolicLink() ? "a link" : "a file")
                            + " where a repository has a directory",
                    null);
        }
    }
}
