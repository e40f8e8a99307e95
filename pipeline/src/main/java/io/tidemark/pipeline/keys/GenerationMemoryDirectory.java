package io.tidemark.pipeline.keys;

import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.event.EventLog;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The memory as empty files, {@code <directory>/<cluster uuid>.<generation>}: the highest name counts. Making a file is
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
    public Mono<Integer> highest(String clusterUuid) {
        return Mono.fromCallable(() -> read(clusterUuid)).subscribeOn(files);
    }

    @Override
    public Mono<Void> remember(String clusterUuid, int generation) {
        if (generation <= 1) {
            return Mono.empty();
        }
        return Mono.<Void>fromRunnable(() -> write(clusterUuid, generation)).subscribeOn(files);
    }

    private int read(String clusterUuid) {
        int highest = 0;
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, clusterUuid + ".*")) {
            for (Path file : found) {
                String number = file.getFileName().toString().substring(clusterUuid.length() + 1);
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

    private void write(String clusterUuid, int generation) {
        int before = read(clusterUuid);
        if (before >= generation) {
            return;
        }
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.createFile(
                    file(clusterUuid, generation),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            if (before > 0) {
                Files.deleteIfExists(file(clusterUuid, before));
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

    private Path file(String clusterUuid, int generation) {
        return directory.resolve(clusterUuid + String.format(Locale.ROOT, ".%08d", generation));
    }
}
