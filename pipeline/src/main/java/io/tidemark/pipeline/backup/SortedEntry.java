package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.catalog.manifest.FilePath;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * An entry's line of the manifest, waiting to be sorted, with what speaks for it.
 *
 * @param path the sort key
 */
record SortedEntry(FilePath path, ManifestText line, Evidence evidence) implements Comparable<SortedEntry> {
    /** What an entry takes on the heap beside its bytes, about. */
    private static final int OVERHEAD = 200;

    /** The bytes of a line, newline included. */
    static final class ManifestText {
        final byte[] bytes;

        ManifestText(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    static SortedEntry of(FilePath path, byte[] line, Evidence evidence) {
        return new SortedEntry(path, new ManifestText(line), evidence);
    }

    static SortedEntry readFrom(DataInputStream in) throws IOException {
        FilePath path = FilePath.ofBytes(in.readNBytes(in.readInt()));
        byte[] line = in.readNBytes(in.readInt());
        return of(path, line, Evidence.read(in));
    }

    void writeTo(DataOutputStream out) throws IOException {
        byte[] raw = path.bytes();
        out.writeInt(raw.length);
        out.write(raw);
        out.writeInt(line.bytes.length);
        out.write(line.bytes);
        Evidence.write(evidence, out);
    }

    int heapBytes() {
        return OVERHEAD + line.bytes.length + path.bytes().length;
    }

    @Override
    public int compareTo(SortedEntry other) {
        return path.compareTo(other.path);
    }
}
