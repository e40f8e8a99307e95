package io.tidemark.sinks.local;

import io.tidemark.sinks.StoreUnsuitable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out whether a directory can keep the port's promises: by doing what a put does, and by looking at the mount
 * table. Blocks.
 */
final class Probe {

    private final Root root;
    private final Path mountTable;

    Probe(Root root, Path mountTable) {
        this.root = root;
        this.mountTable = mountTable;
    }

    /** Hard links that refuse an existing name, and directories that can be synchronised. {@code random} names the files. */
    void links(String random) {
        Path first = root.temporary().resolve("probe-" + random);
        Path second = root.temporary().resolve("probe-" + random + "-link");
        try {
            root.makeDirectory(root.temporary());
            try {
                write(first);
                link(second, first);
                checkSame(first, second);
                checkRefused(second, first);
            } finally {
                Files.deleteIfExists(second);
                Files.deleteIfExists(first);
            }
        } catch (IOException e) {
            throw FileFailure.of("probe", root.temporary(), e);
        }
        Root.synchronise(root.temporary());
        Root.synchronise(root.path());
    }

    /** A mount that may lose what it acknowledged is refused. Where there is no mount table nothing is known against it. */
    void mount() {
        if (!Files.isReadable(mountTable)) {
            return;
        }
        try {
            String text = new String(Files.readAllBytes(mountTable), StandardCharsets.UTF_8);
            String path = root.path().toRealPath().toString();
            Optional<String> objection = MountTable.parse(text).of(path).flatMap(MountTable.Mount::objection);
            if (objection.isPresent()) {
                throw new StoreUnsuitable(
                        "open " + root.path() + ": it lies on " + objection.get() + "\nHINT: mount it with hard", null);
            }
        } catch (IOException e) {
            throw FileFailure.of("look up the mount of", root.path(), e);
        }
    }

    private static void write(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), Root.FILE_MODE)) {
            channel.force(true);
        }
    }

    private static void link(Path link, Path existing) {
        try {
            Files.createLink(link, existing);
        } catch (IOException e) {
            throw FileFailure.ofFeature("link", link, e);
        }
    }

    private static void checkSame(Path first, Path second) throws IOException {
        Object one = Files.readAttributes(first, BasicFileAttributes.class).fileKey();
        Object other = Files.readAttributes(second, BasicFileAttributes.class).fileKey();
        if (!Objects.equals(one, other)) {
            throw new StoreUnsuitable("link " + second + ": it is another file than " + first, null);
        }
    }

    private static void checkRefused(Path link, Path existing) throws IOException {
        try {
            Files.createLink(link, existing);
        } catch (FileAlreadyExistsException e) {
            return;
        }
        throw new StoreUnsuitable("link " + link + ": a name that was taken was taken again", null);
    }
}
