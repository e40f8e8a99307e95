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
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredFile;
import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.stage.ContentDigest;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;

/**
 * The state of one backup: what has been read, packed and sorted. Its parts are used one after the other, by whichever
 * thread is at it; closing it frees everything, at any moment.
 */
final class BackupRun implements AutoCloseable {
    private final BackupLabel label;
    private final int pageBytes;
    private final BackupSettings settings;
    private final Clock clock;
    private final Spill spill;
    private final EntrySort entries;
    private final Packing packing;
    private final ChunkTools.Box tools;
    private final ConcurrentLinkedQueue<ChunkSlot> slots = new ConcurrentLinkedQueue<>();
    private final List<ManifestLine.Pack> packs = new ArrayList<>();
    private final List<BadFile> badFiles = new ArrayList<>();
    private final EventLog events;
    private long badFileCount;
    private long storedBytes;

    /**
     * @param pageBytes the cluster's block size
     * @param tools closed with the run
     */
    BackupRun(
            BackupLabel label,
            int pageBytes,
            BackupSettings settings,
            Clock clock,
            RandomGenerator random,
            ChunkTools.Box tools,
            EventLog events) {
        this.label = label;
        this.pageBytes = pageBytes;
        this.settings = settings;
        this.clock = clock;
        this.tools = tools;
        this.events = events;
        this.spill = new Spill(settings.spillDirectory(), random);
        this.entries = new EntrySort(spill, settings.sortBytes());
        this.packing = new Packing(label, settings, clock, UnpooledByteBufAllocator.DEFAULT, entries, pageBytes, slots);
    }

    BackupLabel label() {
        return label;
    }

    BackupSettings settings() {
        return settings;
    }

    /** Where readers take slots from, and packing gives them back. */
    ConcurrentLinkedQueue<ChunkSlot> slots() {
        return slots;
    }

    Packing packing() {
        return packing;
    }

    ChunkWork work() {
        return new ChunkWork(tools, pageBytes);
    }

    /** Remembers a pack that is stored. */
    void stored(ReadyPack pack) {
        long length = pack.objectLength();
        packs.add(new ManifestLine.Pack(pack.number(), label, length));
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
     * Merges all entries into a manifest, each looked at once more on the way.
     *
     * @param closing blocks on files
     */
    ManifestMaking.Made manifest(Closing closing) throws IOException {
        try (ZstdCompressCtx zstd = new ZstdCompressCtx()) {
            zstd.setLevel(settings.level())
                    .setChecksum(true)
                    .setContentSize(true)
                    .setDictID(false);
            ManifestMaking making = new ManifestMaking(spill, zstd);
            making.line(closing.header());
            for (ManifestLine.Pack pack : packs) {
                making.line(pack);
            }
            for (ManifestLine.Tablespace tablespace : closing.tablespaces()) {
                making.line(tablespace);
            }
            EntrySort.Merge sorted = entries.sorted();
            for (Optional<SortedEntry> next = sorted.next(); next.isPresent(); next = sorted.next()) {
                ManifestLine.Entry entry = making.entry(next.get().line().bytes, closing::judged);
                closing.require(entry, next.get().evidence());
                tellBadBlocks(entry);
            }
            return making.end((digest, footer, frames) -> {
                closing.requireWhole(footer);
                return facts(closing.header(), digest, footer, frames);
            });
        }
    }

    @Override
    public void close() throws IOException {
        packing.close();
        tools.close();
        spill.close();
    }

    private Facts facts(Header header, ContentDigest digest, Footer footer, ManifestFrames frames) {
        return Facts.of("manifest", digest, clock.instant(), settings.tool())
                .with("label", label.value())
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

    private void tellBadBlocks(ManifestLine.Entry entry) {
        if (!(entry instanceof StoredFile file) || file.checksums().badBlocks() == 0) {
            return;
        }
        badFileCount++;
        events.report(Event.of(BackupEvent.BAD_BLOCKS)
                .with("file", file.path())
                .with("blocks", file.checksums().badBlocks())
                .with("first", file.checksums().bad().get(0).firstPage()));
        if (badFiles.size() < BackupResult.MAX_BAD_FILES) {
            badFiles.add(new BadFile(file.path().toString(), file.checksums().bad()));
        }
    }
}
