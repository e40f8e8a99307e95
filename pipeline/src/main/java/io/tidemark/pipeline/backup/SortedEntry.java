package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.catalog.manifest.FilePath;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;

/**
 * An entry's line of the manifest, waiting to be sorted, with what the entry's file was when it was read.
 *
 * @param path the sort key
 */
record SortedEntry(FilePath path, ManifestText line, FileStat stat) implements Comparable<SortedEntry> {
    /** What an entry takes on the heap beside its bytes, about. */
    private static final int OVERHEAD = 200;

    /** The bytes of a line, newline included. */
    static final class ManifestText {
        final byte[] bytes;

        ManifestText(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    static SortedEntry of(FilePath path, byte[] line, FileStat stat) {
        return new SortedEntry(path, new ManifestText(line), stat);
    }

    static SortedEntry readFrom(DataInputStream in) throws IOException {
        FilePath path = FilePath.ofBytes(in.readNBytes(in.readInt()));
        byte[] line = in.readNBytes(in.readInt());
        return of(
                path,
                line,
                new FileStat(
                        in.readLong(),
                        in.readLong(),
                        in.readInt(),
                        in.readLong(),
                        Instant.ofEpochSecond(in.readLong(), in.readInt())));
    }

    void writeTo(DataOutputStream out) throws IOException {
        byte[] raw = path.bytes();
        out.writeInt(raw.length);
        out.write(raw);
        out.writeInt(line.bytes.length);
        out.write(line.bytes);
        out.writeLong(stat.device());
        out.writeLong(stat.inode());
        out.writeInt(stat.mode());
        out.writeLong(stat.size());
        out.writeLong(stat.modified().getEpochSecond());
        out.writeInt(stat.modified().getNano());
    }

    int heapBytes() {
        return OVERHEAD + line.bytes.length + path.bytes().length;
    }

    @Override
    public int compareTo(SortedEntry other) {
        return path.compareTo(other.path);
    }
}
