package io.tidemark.pipeline.restore;

import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.manifest.FileMode;
import io.tidemark.pipeline.catalog.manifest.FilePath;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredFile;
import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.event.Progress;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * One plan being carried out, in this order: marker, directories, files, what the restore writes itself, links, fsync of every
 * directory, pg_control under its name, marker away. Without pg_control PostgreSQL does not start (T51), so an interrupted restore
 * cannot be taken for a whole one.
 */
final class Restoration {
    private static final int SMALL_BYTES = 256 << 10;
    private static final int SMALL_FILES_IN_FLIGHT = 16;
    private static final FilePath CONTROL_UNTIL_LAST = FilePath.of("global/pg_control.tidemark");

    private final RestorePlan plan;
    private final @Nullable Unfinished before;
    private final RestoreMarker marker;
    private final WritingGate gate = new WritingGate();
    private final Progress progress;
    private final Clock clock;
    private final Scheduler files;
    private final Restore.Reading reading;
    private final Map<Path, SafeDirectory> bases = new ConcurrentHashMap<>();
    private final FileRestorer restorer;
    // written by one step, read by the last one
    private final List<String> remarks = new ArrayList<>();

    /** @param before what this very run has left in the directory; null where it has not begun */
    Restoration(
            RestorePlan plan,
            @Nullable Unfinished before,
            Progress progress,
            Restore.Reading reading,
            Clock clock,
            Scheduler cpu,
            Scheduler files) {
        this.plan = plan;
        this.before = before;
        // as fine as it is written down, so that it can be told from others when it is read again
        this.marker = new RestoreMarker(
                plan.backup(), plan.places().root().toString(), clock.instant().truncatedTo(ChronoUnit.MICROS));
        this.progress = progress;
        this.clock = clock;
        this.files = files;
        this.reading = reading;
        ManifestLine.Header backup = plan.draft().backup();
        ChunkReader chunks = new ChunkReader(
                new PackReader(plan.source().objects(), new ReadingTurns(reading.parallel())),
                backup.cluster().systemIdentifier(),
                plan.survey().packs(),
                cpu);
        this.restorer = new FileRestorer(
                chunks, reading, backup.cluster().blockSize(), plan.source().pageDigests(), files, progress);
    }

    /** What {@link #run} has left when it ended with {@link SourceLost}. */
    Unfinished unfinished() {
        return new Unfinished(marker, plan.places(), plan.survey());
    }

    /** Emits what a person should know afterwards. Ends with {@link SourceLost} where the repository failed; then nothing more is written. */
    Mono<List<String>> run() {
        progress.expect(plan.bytes());
        return step("the directories", this::makeDirectories)
                .then(Mono.defer(this::restoreFiles))
                .then(step("the recovery settings", this::writeOwnFiles))
                .then(step("the links", this::makeLinks))
                .then(step("the directories", this::finishDirectories))
                .then(step("global/pg_control", this::publish))
                .then(Mono.fromSupplier(() -> List.copyOf(remarks)))
                .onErrorResume(
                        SourceLost.class, lost -> step("the files", gate::shut).then(Mono.error(lost)));
    }

    private void writeOwnFiles() throws IOException {
        for (String line : new OwnFiles(plan, base(plan.places().root()), clock).write()) {
            remarks.add("taken out of postgresql.auto.conf: " + line);
        }
    }

    /** One blocking step. */
    private interface Step {
        void run() throws IOException;
    }

    private Mono<Void> step(String what, Step step) {
        return Mono.<Void>fromCallable(() -> {
                    step.run();
                    return null;
                })
                .onErrorMap(IOException.class, e -> RestoreFailure.writing(what, e))
                .subscribeOn(files);
    }

    private SafeDirectory base(Path directory) {
        return bases.computeIfAbsent(directory, path -> new SafeDirectory(path, plan.start(), gate));
    }

    /** Looked at again: the plan may have been read by a person for an hour. */
    private void makeDirectories() throws IOException {
        RestoreMarker own = before == null ? null : before.marker();
        if (TargetDirectory.startIn(plan.places().root(), marker, own) != plan.start()) {
            throw new RefusedForSafety("'" + plan.places().root() + "' has changed since the plan was made");
        }
        if (before != null && plan.start() == TargetDirectory.Start.INSTEAD) {
            before.remove();
        }
        begin(plan.places().root());
        for (Place place : plan.places().outside()) {
            TargetDirectory.startIn(place.directory(), marker, own);
            begin(place.directory());
        }
        for (FilePath directory : plan.survey().directories().keySet()) {
            Places.Spot spot = plan.places().spot(directory);
            base(spot.base()).createDirectory(spot.path());
        }
    }

    private void begin(Path directory) throws IOException {
        boolean existed = Files.isDirectory(directory);
        SafeDirectory base = base(directory);
        base.createBase();
        base.write(FilePath.of(RestoreMarker.NAME), marker.write());
        SafeDirectory.sync(directory);
        Path parent = directory.getParent();
        // A directory that was made for us may lie in one that we may pass through but not read.
        if (parent != null && (!existed || Files.isReadable(parent))) {
            SafeDirectory.sync(parent);
        }
    }

    /** Small files spend their time waiting for fsync, many at once; of large ones as many as can be read at once. */
    private Mono<Void> restoreFiles() {
        return restoreFiles(file -> file.size() <= SMALL_BYTES, SMALL_FILES_IN_FLIGHT)
                .then(Mono.defer(() -> restoreFiles(file -> file.size() > SMALL_BYTES, reading.parallel())));
    }

    private Mono<Void> restoreFiles(Predicate<StoredFile> which, int inFlight) {
        SystemIdentifier system = plan.draft().system().system();
        Flux<ManifestLine> lines = new CatalogReader(plan.source()).manifest(system, plan.backup());
        return lines.onErrorMap(SourceLost::isWhy, SourceLost::new)
                .filter(line -> line instanceof StoredFile)
                .cast(StoredFile.class)
                .filter(file -> RestoredPaths.isRestored(file) && which.test(file))
                .flatMap(this::restoreFile, inFlight, inFlight)
                .then();
    }

    private Mono<Void> restoreFile(StoredFile file) {
        FilePath path = file.path().equals(ManifestSurvey.CONTROL) ? CONTROL_UNTIL_LAST : file.path();
        Places.Spot spot = plan.places().spot(path);
        return restorer.restore(file, base(spot.base()), spot.path());
    }

    /** Last, so that while files were written there was no link to follow. */
    private void makeLinks() throws IOException {
        for (Place place : plan.places().outside()) {
            base(plan.places().root()).createLink(place.link(), place.directory());
        }
    }

    private void finishDirectories() throws IOException {
        for (Map.Entry<FilePath, ManifestLine.StoredDirectory> entry :
                plan.survey().directories().descendingMap().entrySet()) {
            Places.Spot spot = plan.places().spot(entry.getKey());
            Path directory = spot.path().under(spot.base());
            requireOnlyOurs(directory, plan.survey().entriesIn(entry.getKey()));
            base(spot.base()).finishDirectory(directory, entry.getValue().mode());
        }
        for (Place place : plan.places().outside()) {
            requireOnlyOurs(place.directory(), plan.survey().entriesIn(place.link()) + 1);
            base(place.directory()).finishDirectory(place.directory(), place.mode());
        }
        Path root = plan.places().root();
        requireOnlyOurs(root, plan.survey().entriesAtTop() + OwnFiles.additional(plan) + 1);
        base(root).finishDirectory(root, rootMode());
    }

    /** PostgreSQL starts with 0700 and 0750 only, whatever umask and backup say (T120). */
    private FileMode rootMode() {
        FileMode mode = plan.draft().backup().directoryMode();
        return new FileMode((mode.bits() & 0050) == 0050 ? 0750 : 0700);
    }

    /** Whoever put a file among ours meanwhile: neither is it removed, nor does it become part of a cluster. */
    private static void requireOnlyOurs(Path directory, int planned) throws IOException {
        int found = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path ignored : entries) {
                found++;
            }
        }
        if (found != planned) {
            throw new RefusedForSafety(
                    "'" + directory + "' has " + found + " entries where the restore has put " + planned
                            + ": somebody else writes there",
                    "empty the directory and run the restore again");
        }
    }

    private void publish() throws IOException {
        Path root = plan.places().root();
        Path control = ManifestSurvey.CONTROL.under(root);
        if (Files.exists(control, LinkOption.NOFOLLOW_LINKS)) {
            throw new RefusedForSafety("'" + control + "' is there before the restore has put it there");
        }
        for (Place place : plan.places().outside()) {
            remove(place.directory());
        }
        Files.move(CONTROL_UNTIL_LAST.under(root), control, StandardCopyOption.ATOMIC_MOVE);
        SafeDirectory.sync(FilePath.of("global").under(root));
        remove(root);
    }

    private static void remove(Path directory) throws IOException {
        Files.deleteIfExists(directory.resolve(RestoreMarker.NAME));
        SafeDirectory.sync(directory);
    }
}
