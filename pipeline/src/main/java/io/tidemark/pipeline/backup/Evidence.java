package io.tidemark.pipeline.backup;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;

/** What is remembered of an entry while it waits to be sorted, and compared at the backup's end. */
sealed interface Evidence {
    /** Of a stopped directory: what the file system said when the entry was read. */
    record Untouched(FileStat stat) implements Evidence {
        @Override
        public Kind kind() {
            return Kind.UNTOUCHED;
        }

        @Override
        public void writeTo(DataOutputStream out) throws IOException {
            out.writeLong(stat.device());
            out.writeLong(stat.inode());
            out.writeInt(stat.mode());
            out.writeLong(stat.size());
            out.writeLong(stat.modified().getEpochSecond());
            out.writeInt(stat.modified().getNano());
        }

        static Untouched readFrom(DataInputStream in) throws IOException {
            return new Untouched(new FileStat(
                    in.readLong(),
                    in.readLong(),
                    in.readInt(),
                    in.readLong(),
                    Instant.ofEpochSecond(in.readLong(), in.readInt())));
        }
    }

    /**
     * Of a running server: what arrived, or what the server's manifest says that it sent.
     *
     * @param size in bytes
     * @param crc32c of the bytes
     */
    record Sent(long size, int crc32c) implements Evidence {
        static final Sent NOTHING = new Sent(0, 0);

        @Override
        public Kind kind() {
            return Kind.SENT;
        }

        @Override
        public void writeTo(DataOutputStream out) throws IOException {
            out.writeLong(size);
            out.writeInt(crc32c);
        }

        @Override
        public String toString() {
            return size + " bytes with CRC-32C " + Integer.toHexString(crc32c);
        }

        static Sent readFrom(DataInputStream in) throws IOException {
            return new Sent(in.readLong(), in.readInt());
        }
    }

    enum Kind {
        UNTOUCHED,
        SENT
    }

    Kind kind();

    /** Its fields, without its kind. */
    void writeTo(DataOutputStream out) throws IOException;

    /** With its kind before it. */
    static void write(Evidence evidence, DataOutputStream out) throws IOException {
        out.writeByte(evidence.kind().ordinal());
        evidence.writeTo(out);
    }

    static Evidence read(DataInputStream in) throws IOException {
        return switch (Kind.values()[in.readByte()]) {
            case UNTOUCHED -> Untouched.readFrom(in);
            case SENT -> Sent.readFrom(in);
        };
    }
}
