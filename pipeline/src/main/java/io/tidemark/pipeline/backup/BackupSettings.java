package io.tidemark.pipeline.backup;

import java.nio.file.Path;

/**
 * How a backup works, not what it makes.
 *
 * @param level Zstandard's, 1 to 19
 * @param chunksInFlight how many chunks are read, checked and compressed at once; 2 MiB each
 * @param packBytes after which a pack ends; two packs are held at once, outside the heap
 * @param sortBytes how much of the manifest is sorted at a time, on the heap
 * @param spillDirectory where longer manifests wait, sealed under a key that only this process has
 * @param tool name and version, for facts
 */
public record BackupSettings(
        int level, int chunksInFlight, long packBytes, int sortBytes, Path spillDirectory, String tool) {
    /** docs/FORMAT.md section 5: about so many bytes a pack. */
    public static final long PACK_BYTES = 64L << 20;

    private static final int SORT_BYTES = 8 << 20;
    private static final long LEAST_PACK_BYTES = 4L << 20;

    public BackupSettings {
        if (level < 1 || level > 19 || chunksInFlight < 1 || packBytes < 1 || sortBytes < 1) {
            throw new IllegalArgumentException("no settings for a backup: level " + level + ", " + chunksInFlight
                    + " chunks in flight, packs of " + packBytes + " bytes");
        }
    }

    /**
     * Settings that keep within a memory budget: a quarter of it for each of the two packs, an eighth for chunks.
     *
     * @param memoryBytes for all buffers together
     */
    public static BackupSettings within(long memoryBytes, int workers, int level, Path spillDirectory, String tool) {
        long chunks = Math.max(2, memoryBytes / 8 / ChunkSlot.BYTES);
        return new BackupSettings(
                level,
                (int) Math.min(2L * workers, chunks),
                Math.max(LEAST_PACK_BYTES, Math.min(PACK_BYTES, memoryBytes / 4)),
                SORT_BYTES,
                spillDirectory,
                tool);
    }
}
