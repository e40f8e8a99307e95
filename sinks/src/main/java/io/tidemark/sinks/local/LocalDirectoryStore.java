package io.tidemark.sinks.local;

import io.netty.buffer.ByteBuf;
import io.tidemark.sinks.ByteRange;
import io.tidemark.sinks.IntegrityFailed;
import io.tidemark.sinks.Leftover;
import io.tidemark.sinks.ObjectBody;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.PutOutcome;
import io.tidemark.sinks.StoreCapabilities;
import io.tidemark.sinks.StoreUnsuitable;
import io.tidemark.sinks.StoredObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Scheduler;

/**
 * A directory as a store. An object is a file of its name; a put writes {@code .tmp/<random>}, synchronises it, links it
 * to its name and synchronises the directories, so a crash leaves nothing but entries of {@code .tmp/}. Files have mode
 * 0600, directories 0700.
 *
 * <p>All file I/O runs on the scheduler that it is given, in steps that do not wait for each other's demand. Two stores on
 * one root, in one process or many, are as good as one.
 *
 * <p>Source: FORMAT.md section 7.
 */
public final class LocalDirectoryStore implements ObjectStore {

    private static final StoreCapabilities CAPABILITIES =
            new StoreCapabilities(StoreCapabilities.Durability.FSYNC, 8, Long.MAX_VALUE);
    private static final Path MOUNT_TABLE = Path.of("/proc/self/mounts");

    /** Entries of a directory that a listing keeps at a time: about 1 MiB. */
    static final int PAGE_ENTRIES = 4096;

    private final Root root;
    private final Scheduler files;
    private final SecureRandom random;
    private final Probe probe;
    private final int pageEntries;

    // Set once the mount was found good; a race only looks twice.
    private volatile boolean mountChecked;

    LocalDirectoryStore(Path path, Scheduler files, SecureRandom random, Path mountTable, int pageEntries) {
        this.root = new Root(path);
        this.files = files;
        this.random = random;
        this.probe = new Probe(root, mountTable);
        this.pageEntries = pageEntries;
    }

    /**
     * A store on a root that {@link #create} has made. Does no I/O: a root that is missing is {@link
     * io.tidemark.sinks.StoreUnavailable} at each call, now and whenever its mount goes away, and is never made.
     *
     * @param path where {@code tidemark.json} lies: {@code <directory>/<cluster>}
     * @param files where all file I/O runs; its threads may block
     * @param random names temporary files
     */
    public static LocalDirectoryStore open(Path path, Scheduler files, SecureRandom random) {
        return new LocalDirectoryStore(path, files, random, MOUNT_TABLE, PAGE_ENTRIES);
    }

    /**
     * Makes the root, and the directories above it, where they are missing, and tries what a store needs of them. For
     * {@code init} alone; on a root that exists it changes nothing.
     *
     * @return the store; fails with {@link StoreUnsuitable} where hard links or directory fsync are missing or the mount
     *     may lose writes
     */
    public static Mono<LocalDirectoryStore> create(Path path, Scheduler files, SecureRandom random) {
        return create(new LocalDirectoryStore(path, files, random, MOUNT_TABLE, PAGE_ENTRIES));
    }

    static Mono<LocalDirectoryStore> create(LocalDirectoryStore store) {
        return Mono.fromSupplier(() -> {
                    store.makeRoot();
                    store.probe.mount();
                    store.probe.links(store.randomName());
                    return store;
                })
                .subscribeOn(store.files);
    }

    @Override
    public Mono<PutOutcome> putIfAbsent(ObjectName name, ObjectBody body) {
        Mono<PutOutcome> put = Mono.defer(() -> Put.of(files, new PendingFile(root, randomName(), name), body));
        return Mono.defer(() -> mountChecked ? put : mountCheck().then(put));
    }

    @Override
    public Flux<ByteBuf> get(ObjectName name) {
        return read(() -> new Reading(root, name, null));
    }

    @Override
    public Flux<ByteBuf> get(ObjectName name, ByteRange range) {
        return read(() -> new Reading(root, name, range));
    }

    @Override
    public Mono<StoredObject> stat(ObjectName name) {
        return Mono.fromSupplier(() -> look(name)).subscribeOn(files).flatMap(Mono::justOrEmpty);
    }

    @Override
    public Flux<StoredObject> list(String prefix) {
        return Flux.<StoredObject, Listing>generate(() -> new Listing(prefix), (listing, sink) -> {
                    listing.next(sink);
                    return listing;
                })
                .subscribeOn(files);
    }

    @Override
    public Mono<Void> delete(ObjectName name) {
        return Turn.<Root, Void>of(
                        files,
                        () -> root,
                        (subject, steps) ->
                                Mono.<Void>fromRunnable(() -> remove(name)).subscribeOn(steps),
                        subject -> {})
                .then();
    }

    @Override
    public Flux<Leftover> leftovers() {
        return Flux.<Leftover, Leftovers>generate(
                        () -> new Leftovers(root),
                        (temporary, sink) -> {
                            temporary.next(sink);
                            return temporary;
                        },
                        Leftovers::close)
                .subscribeOn(files);
    }

    @Override
    public Mono<Void> discard(Leftover leftover) {
        return Mono.<Void>fromRunnable(() -> Leftovers.remove(root, leftover)).subscribeOn(files);
    }

    /** Files have no locks. */
    @Override
    public Mono<Void> retain(ObjectName name, Instant until) {
        return Mono.empty();
    }

    @Override
    public StoreCapabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public String location() {
        return root.path().toString();
    }

    @Override
    public String toString() {
        return "LocalDirectoryStore[" + root.path() + "]";
    }

    private Flux<ByteBuf> read(Supplier<Reading> reading) {
        return Turn.of(
                files,
                reading,
                (opened, steps) -> Flux.<ByteBuf>generate(opened::next).subscribeOn(steps),
                Reading::close);
    }

    private Mono<Void> mountCheck() {
        return Mono.<Void>fromRunnable(() -> {
                    root.identity();
                    probe.mount();
                    mountChecked = true;
                })
                .subscribeOn(files);
    }

    private Optional<StoredObject> look(ObjectName name) {
        Object identity = root.identity();
        try {
            Optional<BasicFileAttributes> found = root.look(name);
            if (found.isEmpty()) {
                root.confirm(identity);
                return Optional.empty();
            }
            BasicFileAttributes attributes = found.get();
            if (!attributes.isRegularFile()) {
                throw new IntegrityFailed("stat " + root.file(name) + ": it is no regular file", null);
            }
            return Optional.of(new StoredObject(
                    name, attributes.size(), attributes.lastModifiedTime().toInstant()));
        } catch (IOException e) {
            throw FileFailure.of("stat", root.file(name), e);
        }
    }

    private void remove(ObjectName name) {
        Object identity = root.identity();
        Path file = root.file(name);
        try {
            Optional<BasicFileAttributes> found = root.look(name);
            if (found.isEmpty()) {
                root.confirm(identity);
                return;
            }
            if (found.get().isDirectory()) {
                throw new IntegrityFailed("delete " + file + ": it is a directory", null);
            }
            Files.deleteIfExists(file);
        } catch (NoSuchFileException e) {
            root.confirm(identity);
            return;
        } catch (IOException e) {
            throw FileFailure.of("delete", file, e);
        }
        Path directory = file.getParent();
        Root.synchronise(directory == null ? root.path() : directory);
    }

    private void makeRoot() {
        Deque<Path> missing = new ArrayDeque<>();
        try {
            for (Path at = root.path(); at != null && !Files.exists(at); at = at.getParent()) {
                missing.push(at);
            }
            for (Path directory : missing) {
                Files.createDirectory(directory, Root.DIRECTORY_MODE);
            }
        } catch (IOException e) {
            throw FileFailure.of("create", root.path(), e);
        }
        if (!Files.isDirectory(root.path())) {
            throw new StoreUnsuitable("create " + root.path() + ": it exists and is no directory", null);
        }
        for (Path directory : missing) {
            Path above = directory.getParent();
            if (above != null) {
                Root.synchronise(above);
            }
        }
    }

    private String randomName() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** One listing: the walk begins with the first demand, on the file scheduler. */
    private final class Listing {

        private final String prefix;
        private @Nullable SortedWalk walk;

        Listing(String prefix) {
            this.prefix = prefix;
        }

        void next(SynchronousSink<StoredObject> sink) {
            try {
                if (walk == null) {
                    walk = SortedWalk.of(root, prefix, pageEntries);
                }
                StoredObject object = walk.next();
                if (object == null) {
                    sink.complete();
                } else {
                    sink.next(object);
                }
            } catch (IOException e) {
                throw FileFailure.of("list", root.path(), e);
            }
        }
    }
}
