package io.tidemark.sinks.local;

import io.tidemark.sinks.InvalidName;
import io.tidemark.sinks.Leftover;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.SynchronousSink;

/** The entries of {@code .tmp/}, one at a time: what writers have not yet linked, or never will. Blocks; one thread at a time. */
final class Leftovers implements AutoCloseable {

    private final Root root;
    private @Nullable DirectoryStream<Path> directory;
    private @Nullable Iterator<Path> entries;

    Leftovers(Root root) {
        this.root = root;
    }

    void next(SynchronousSink<Leftover> sink) {
        try {
            Iterator<Path> open = opened();
            while (open != null && open.hasNext()) {
                Path entry = open.next();
                BasicFileAttributes attributes = Root.attributes(entry);
                // a put may have ended meanwhile
                if (attributes != null && attributes.isRegularFile()) {
                    String name = String.valueOf(entry.getFileName());
                    sink.next(new Leftover(
                            name, ".tmp/" + name, attributes.lastModifiedTime().toInstant()));
                    return;
                }
            }
            sink.complete();
        } catch (DirectoryIteratorException e) {
            throw FileFailure.of("list", root.temporary(), new IOException(e.getMessage(), e));
        } catch (IOException e) {
            throw FileFailure.of("list", root.temporary(), e);
        }
    }

    /** Removes one, if it is still there. */
    static void remove(Root root, Leftover leftover) {
        if (leftover.id().isEmpty()
                || leftover.id().contains("/")
                || leftover.id().startsWith(".")) {
            throw new InvalidName("no temporary file has the name " + leftover.id(), null);
        }
        Object identity = root.identity();
        Path file = root.temporary().resolve(leftover.id());
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw FileFailure.of("remove", file, e);
        }
        root.confirm(identity);
    }

    @Override
    public void close() {
        DirectoryStream<Path> open = directory;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw FileFailure.of("close", root.temporary(), e);
            }
        }
    }

    @SuppressWarnings("StreamResourceLeak") // close() closes it
    private @Nullable Iterator<Path> opened() throws IOException {
        if (entries == null) {
            Object identity = root.identity();
            BasicFileAttributes attributes = Root.attributes(root.temporary());
            if (attributes == null || !attributes.isDirectory()) {
                root.confirm(identity);
                return null;
            }
            directory = Files.newDirectoryStream(root.temporary());
            entries = directory.iterator();
        }
        return entries;
    }
}
