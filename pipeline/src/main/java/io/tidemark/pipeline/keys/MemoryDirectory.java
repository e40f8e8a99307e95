package io.tidemark.pipeline.keys;

import io.tidemark.pipeline.catalog.AdmissionMemory;
import io.tidemark.pipeline.catalog.RepositoryMarker;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.event.EventLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Both memories as empty files: {@code <cluster uuid>-<digest of the root's place>.<generation>}, of which the highest name
 * counts and whose time is that of the last listing, and {@code <repository id>.system.<system identifier>}. Making a file is
 * one atomic step, so that processes which run at once can only ever raise what is known, and a kill leaves nothing half
 * written.
 */
public final class MemoryDirectory implements GenerationMemory, AdmissionMemory {
    private static final long LISTING_COUNTS_MILLIS = TimeUnit.HOURS.toMillis(LISTING_COUNTS_HOURS);

    private final Path directory;
    private final Scheduler files;
    private final EventLog events;

    /**
     * @param directory made, for its owner only, when there is something to remember
     * @param files also tells the time
     * @param events told why nothing could be remembered or looked up
     */
    public MemoryDirectory(Path directory, Scheduler files, EventLog events) {
        this.directory = directory;
        this.files = files;
        this.events = events;
    }

    @Override
    public Mono<Recollection> recall(String cluster, String location) {
        return Mono.fromCallable(() -> read(key(cluster, location))).subscribeOn(files);
    }

    @Override
    public Mono<Void> remember(String cluster, String location, int generation) {
        return Mono.<Void>fromRunnable(() -> write(key(cluster, location), generation))
                .subscribeOn(files);
    }

    @Override
    public Mono<Boolean> knows(RepositoryMarker root, SystemIdentifier system) {
        return Mono.fromCallable(() -> Files.exists(admission(root, system), LinkOption.NOFOLLOW_LINKS))
                .subscribeOn(files);
    }

    @Override
    public Mono<Void> remember(RepositoryMarker root, SystemIdentifier system) {
        return Mono.<Void>fromRunnable(() -> make(admission(root, system), KeysEvent.SAVING_NOT_WRITTEN))
                .subscribeOn(files);
    }

    private Recollection read(String key) {
        int highest = highest(key);
        return new Recollection(highest, highest > 0 && isListedLately(file(key, highest)));
    }

    private int highest(String key) {
        int highest = 0;
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, key + ".*")) {
            for (Path file : found) {
                String number = file.getFileName().toString().substring(key.length() + 1);
                if (number.matches("[0-9]{8}")) {
                    highest = Math.max(highest, Integer.parseInt(number));
                }
            }
        } catch (NoSuchFileException nothingRememberedYet) {
            return 0;
        } catch (IOException | RuntimeException unreadable) {
            events.report(Event.of(KeysEvent.MEMORY_NOT_READ)
                    .with("directory", directory)
                    .with("error", unreadable));
        }
        return highest;
    }

    private boolean isListedLately(Path file) {
        try {
            long age = now() - Files.getLastModifiedTime(file).toMillis();
            // a time to come is no evidence: the clock was set
            return age >= 0 && age < LISTING_COUNTS_MILLIS;
        } catch (IOException | RuntimeException gone) {
            return false;
        }
    }

    private long now() {
        return files.now(TimeUnit.MILLISECONDS);
    }

    private void write(String key, int generation) {
        int before = highest(key);
        if (before > generation) {
            return;
        }
        // below the first there is none to be set back to: only the saving is lost
        KeysEvent loss = generation > 1 ? KeysEvent.MEMORY_NOT_WRITTEN : KeysEvent.SAVING_NOT_WRITTEN;
        if (make(file(key, generation), loss) && before > 0 && before < generation) {
            try {
                Files.deleteIfExists(file(key, before));
            } catch (IOException | RuntimeException left) {
                // a lower number more says nothing
            }
        }
    }

    /** Makes the file, or gives it the time of now. */
    private boolean make(Path file, KeysEvent loss) {
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            } catch (FileAlreadyExistsException another) {
                // remembered before, or by a process beside this one
            }
            Files.setLastModifiedTime(file, FileTime.fromMillis(now()));
            return true;
        } catch (IOException | RuntimeException unwritable) {
            events.report(Event.of(loss)
                    .with("file", file.getFileName())
                    .with("directory", directory)
                    .with("error", unwritable));
            return false;
        }
    }

    private static String key(String cluster, String location) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(location.getBytes(StandardCharsets.UTF_8));
            return cluster + "-" + HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private Path file(String key, int generation) {
        return directory.resolve(key + String.format(Locale.ROOT, ".%08d", generation));
    }

    private Path admission(RepositoryMarker root, SystemIdentifier system) {
        return directory.resolve(root.repository() + ".system." + system);
    }
}
