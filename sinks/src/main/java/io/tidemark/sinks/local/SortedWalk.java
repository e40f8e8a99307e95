package io.tidemark.sinks.local;

import io.tidemark.sinks.IntegrityFailed;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.StoredObject;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The objects below a root in the order of their names' bytes. Blocks; used by one thread at a time.
 *
 * <p>A directory sorts as its name with a slash behind it, for that is what the names in it begin with: {@code a-b},
 * {@code a.b}, {@code a/b}, {@code a0}. A directory of any size costs {@code pageEntries} entries of memory: it is read
 * again for each page, and only the least names behind the last page are kept. No directory stays open between two
 * calls.
 *
 * <p>What cannot be the part of a name (all that begins with a dot, {@code lost+found}) is passed over unseen.
 */
final class SortedWalk {

    private final Root root;
    private final Object identity;
    private final int pageEntries;
    private final Deque<Level> levels = new ArrayDeque<>();

    private SortedWalk(Root root, int pageEntries) {
        this.root = root;
        this.identity = root.identity();
        this.pageEntries = pageEntries;
    }

    /** A walk through the names that begin with {@code prefix}. */
    static SortedWalk of(Root root, String prefix, int pageEntries) throws IOException {
        ObjectName.requirePrefix(prefix);
        SortedWalk walk = new SortedWalk(root, pageEntries);
        int slash = prefix.lastIndexOf('/');
        if (slash < 0) {
            walk.levels.push(new Level(root.path(), "", prefix));
            return walk;
        }
        ObjectName directory = ObjectName.of(prefix.substring(0, slash));
        BasicFileAttributes attributes = root.look(directory).orElse(null);
        if (attributes != null && attributes.isDirectory()) {
            walk.levels.push(new Level(root.file(directory), directory.value() + '/', prefix.substring(slash + 1)));
        } else if (attributes != null && !attributes.isRegularFile()) {
            throw strange(root.file(directory));
        }
        return walk;
    }

    /** The next object, or null behind the last. */
    @Nullable
    StoredObject next() throws IOException {
        while (!levels.isEmpty()) {
            Level level = levels.getFirst();
            Entry entry = level.next(pageEntries);
            if (entry == null) {
                levels.pop();
            } else if (entry.attributes.isDirectory()) {
                levels.push(new Level(level.directory.resolve(entry.name), level.names + entry.name + '/', ""));
            } else if (entry.attributes.isRegularFile()) {
                return new StoredObject(
                        ObjectName.of(level.names + entry.name),
                        entry.attributes.size(),
                        entry.attributes.lastModifiedTime().toInstant());
            } else {
                throw strange(level.directory.resolve(entry.name));
            }
        }
        // A mount that went away in the middle looks like a tree that ends here.
        root.confirm(identity);
        return null;
    }

    private static IntegrityFailed strange(Path path) {
        return new IntegrityFailed(
                "list " + path
                        + ": neither a file nor a directory\nHINT: links in a repository are not followed; remove it",
                null);
    }

    /** One directory on the way down: what is left of its current page, and where the next one begins. */
    private static final class Level {

        private final Path directory;
        private final String names;
        private final String filter;
        private final Deque<Entry> page = new ArrayDeque<>();
        private String behind = "";
        private boolean more = true;

        Level(Path directory, String names, String filter) {
            this.directory = directory;
            this.names = names;
            this.filter = filter;
        }

        @Nullable
        Entry next(int pageEntries) throws IOException {
            if (page.isEmpty() && more) {
                read(pageEntries);
            }
            return page.poll();
        }

        private void read(int pageEntries) throws IOException {
            PriorityQueue<Entry> least = new PriorityQueue<>(Comparator.reverseOrder());
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
                for (Path path : stream) {
                    consider(path, pageEntries, least);
                }
            } catch (NoSuchFileException e) {
                // Removed meanwhile; the walk's end makes sure that it was not the root.
                least.clear();
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
            more = least.size() == pageEntries;
            List<Entry> sorted =
                    Stream.generate(least::poll).limit(least.size()).toList();
            sorted.forEach(page::addFirst);
            if (!page.isEmpty()) {
                behind = page.getLast().key;
            }
        }

        private void consider(Path path, int pageEntries, PriorityQueue<Entry> least) throws IOException {
            String name = path.getFileName().toString();
            if (!name.startsWith(filter) || !ObjectName.isPart(name) || (name + '/').compareTo(behind) <= 0) {
                return;
            }
            if (least.size() == pageEntries && name.compareTo(least.element().key) > 0) {
                return;
            }
            BasicFileAttributes attributes = Root.attributes(path);
            if (attributes == null) {
                return;
            }
            Entry entry = new Entry(attributes.isDirectory() ? name + '/' : name, name, attributes);
            if (entry.key.compareTo(behind) > 0) {
                least.add(entry);
                if (least.size() > pageEntries) {
                    least.remove();
                }
            }
        }
    }

    private record Entry(String key, String name, BasicFileAttributes attributes) implements Comparable<Entry> {

        @Override
        public int compareTo(Entry other) {
            return key.compareTo(other.key);
        }
    }
}
