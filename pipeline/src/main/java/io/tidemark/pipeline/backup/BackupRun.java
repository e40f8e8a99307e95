package io.tidemark.pipeline.backup;

import com.github.luben.zstd.ZstdCompressCtx;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.tidemark.pipeline.backup.BackupResult.BadFile;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.Facts;
import io.tidemark.pipeline.catalog.UtcTime;
import io.tidemark.pipeline.catalog.manifest.ManifestFrames;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Footer;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredDirectory;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredFile;
import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.stage.ContentDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;

/**
 * The state of one backup: what has been read, packed and sorted. Its parts are used one after the other, by whichever
 * thread is at it; closing it frees everything, at any moment.
 */
final class BackupRun implements AutoCloseable {
    private final BackupSource source;
    private final Header header;
    private final BackupSettings settings;
    private final Clock clock;
    private final Spill spill;
    private final EntrySort entries;
    private final Packing packing;
    private final ChunkTools.Box tools;
    private final ConcurrentLinkedQueue<ChunkSlot> slots = new ConcurrentLinkedQueue<>();
    private final List<ManifestLine.Pack> packs = new ArrayList<>();
    private final List<BadFile> badFiles = Collections.synchronizedList(new ArrayList<>());
    private final EventLog events;
    private long badFileCount;
    private long storedBytes;

    BackupRun(
            BackupSource source,
            Header header,
            BackupSettings settings,
            Clock clock,
            RandomGenerator random,
            ChunkTools.Box tools,
            EventLog events) {
        this.source = source;
        this.header = header;
        this.settings = settings;
        this.clock = clock;
        this.tools = tools;
        this.events = events;
        this.spill = new Spill(settings.spillDirectory(), random);
        this.entries = new EntrySort(spill, settings.sortBytes());
        this.packing = new Packing(
                header.label(),
                settings,
                clock,
                UnpooledByteBufAllocator.DEFAULT,
                entries,
                pageBytes(),
                slots,
                this::bad);
    }

    BackupSource source() {
        return source;
    }

    Header header() {
        return header;
    }

    BackupLabel label() {
        return header.label();
    }

    Packing packing() {
        return packing;
    }

    ChunkWork work() {
        return new ChunkWork(tools, pageBytes());
    }

    SourceReading reading() throws IOException {
        return new SourceReading(source.directory(), source.walk(this::leftOut), slots);
    }

    /** Remembers a pack that is stored. */
    void stored(ReadyPack pack) {
        long length = pack.objectLength();
        packs.add(new ManifestLine.Pack(pack.number(), label(), length));
        storedBytes += length;
    }

    long storedBytes() {
        return storedBytes;
    }

    List<BadFile> badFiles() {
        return List.copyOf(badFiles);
    }

    long badFileCount() {
        return badFileCount;
    }

    /**
     * Merges all entries into a manifest and looks at each once more, then at the server.
     *
     * @throws RefusedForSafety where anything has changed since it was read
     */
    ManifestMaking.Made manifest(BackupPlan plan) throws IOException {
        try (ZstdCompressCtx zstd = new ZstdCompressCtx()) {
            zstd.setLevel(settings.level())
                    .setChecksum(true)
                    .setContentSize(true)
                    .setDictID(false);
            ManifestMaking making = new ManifestMaking(spill, zstd);
            making.line(header);
            for (ManifestLine.Pack pack : packs) {
                making.line(pack);
            }
            for (ManifestLine.Tablespace tablespace : source.tablespaces()) {
                making.line(tablespace);
            }
            EntrySort.Merge sorted = entries.sorted();
            for (Optional<SortedEntry> next = sorted.next(); next.isPresent(); next = sorted.next()) {
                requireUntouched(
                        making.entry(next.get().line().bytes), next.get().stat());
            }
            requireStillStopped();
            ManifestMaking.Made made = making.end(this::facts);
            requireAsPlanned(made.footer(), plan);
            return made;
        }
    }

    @Override
    public void close() throws IOException {
        packing.close();
        tools.close();
        spill.close();
    }

    private void requireAsPlanned(Footer footer, BackupPlan plan) {
        if (footer.files() != plan.files() || footer.bytes() != plan.bytes()) {
            throw new RefusedForSafety(source.directory().root() + " had " + plan.files() + " files of " + plan.bytes()
                    + " bytes when the backup began, and " + footer.files() + " of " + footer.bytes()
                    + " when it was read: the directory is not stopped");
        }
    }

    private void requireStillStopped() {
        try {
            source.requireStillStopped();
        } catch (IOException e) {
            throw SourceFailure.ofSource(e);
        }
    }

    private void requireUntouched(ManifestLine.Entry entry, FileStat before) {
        try {
            requireSame(entry, before);
        } catch (IOException e) {
            throw SourceFailure.ofSource(e);
        }
    }

    private void requireSame(ManifestLine.Entry entry, FileStat before) throws IOException {
        Path onDisk = entry.path().under(source.directory().root());
        // pg_basebackup's empty directories may be links, which were looked behind
        Path looked = entry instanceof StoredDirectory && Files.isSymbolicLink(onDisk) ? onDisk.toRealPath() : onDisk;
        if (!FileStat.of(looked).equals(before)) {
            throw new RefusedForSafety(onDisk + " changed during the backup: the directory is not stopped");
        }
    }

    private Facts facts(ContentDigest digest, Footer footer, ManifestFrames frames) {
        return Facts.of("manifest", digest, clock.instant(), settings.tool())
                .with("label", label().value())
                .with("backup", header.backup().toString())
                .with(
                        "parent",
                        header.parent() == null
                                ? JsonNull.INSTANCE
                                : new JsonPrimitive(header.parent().value()))
                .with("node", header.node().toString())
                .with("origin", header.origin().toString())
                .with("timeline", header.timeline().toString())
                .with("redo", header.redo().toString())
                .with("start", header.start().lsn().toString())
                .with("stop", header.stop().lsn().toString())
                .with("startTime", UtcTime.format(header.start().time()))
                .with("stopTime", UtcTime.format(header.stop().time()))
                .with("files", footer.files())
                .with("bytes", footer.bytes())
                .with("storedBytes", storedBytes)
                .with("badBlocks", footer.badBlocks())
                .with("frames", frames.json());
    }

    private void bad(StoredFile file) {
        badFileCount++;
        events.report(Event.of(BackupEvent.BAD_BLOCKS)
                .with("file", file.path())
                .with("blocks", file.checksums().badBlocks())
                .with("first", file.checksums().bad().get(0).firstPage()));
        if (badFiles.size() < BackupResult.MAX_BAD_FILES) {
            badFiles.add(new BadFile(file.path().toString(), file.checksums().bad()));
        }
    }

    private void leftOut(String warning) {
        events.report(Event.of(BackupEvent.NOT_BACKED_UP).with("what", warning));
    }

    private int pageBytes() {
        return source.directory().control().blockSize();
    }
}
