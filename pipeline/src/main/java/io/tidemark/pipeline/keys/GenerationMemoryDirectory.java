package io.tidemark.pipeline.keys;

import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.event.EventLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The memory as empty files, {@code <directory>/<cluster uuid>-<digest of the root's place>.<generation>}: the highest name counts. Making a file is
 * one atomic step, so that processes which run at once can only ever raise it, and a kill leaves nothing half written.
 */
public final class GenerationMemoryDirectory implements GenerationMemory {
    private final Path directory;
    private final Scheduler files;
    private final EventLog events;

    /**
     * @param directory made, for its owner only, when there is something to remember
     * @param events told why nothing could be remembered or looked up
     */
    public GenerationMemoryDirectory(Path directory, Scheduler files, EventLog events) {
        this.directory = directory;
        this.files = files;
        this.events = events;
    }

    @Override
    public Mono<Integer> highest(String cluster, String location) {
        return Mono.fromCallable(() -> read(key(cluster, location))).subscribeOn(files);
    }

    @Override
    public Mono<Void> remember(String cluster, String location, int generation) {
        if (generation <= 1) {
            return Mono.empty();
        }
        return Mono.<Void>fromRunnable(() -> write(key(cluster, location), generation))
                .subscribeOn(files);
    }

    private int read(String key) {
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

    private void write(String key, int generation) {
        int before = read(key);
        if (before >= generation) {
            return;
        }
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.createFile(
                    file(key, generation),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            if (before > 0) {
                Files.deleteIfExists(file(key, before));
            }
        } catch (FileAlreadyExistsException another) {
            // the same generation, remembered by a process beside this one
        } catch (IOException | RuntimeException unwritable) {
            events.report(Event.of(KeysEvent.MEMORY_NOT_WRITTEN)
                    .with("generation", generation)
                    .with("directory", directory)
                    .with("error", unwritable));
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
}
