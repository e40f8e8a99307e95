package io.tidemark.pipeline.backup;

import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.seal.SealContext;
import io.tidemark.crypto.seal.SealGeometry;
import io.tidemark.crypto.seal.SealHeader;
import io.tidemark.crypto.seal.Sealer;
import io.tidemark.crypto.seal.SealingKey;
import io.tidemark.crypto.seal.SegmentPosition;
import io.tidemark.crypto.seal.Unsealer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that do not fit into memory wait in one temporary file: sealed under a key that lives in this process only, and
 * without a name as soon as it is open, so that neither a crash nor a kill leaves anything of use. Written run by run,
 * one at a time; finished runs are read as often as wanted. Blocks on files.
 */
final class Spill implements AutoCloseable {
    private static final int KEY_BYTES = 32;

    private final Path directory;
    private final SecretBytes secret;
    private final SealingKey key;
    private @Nullable FileChannel channel;
    private long end;
    private int runs;

    Spill(Path directory, RandomGenerator random) {
        this.directory = directory;
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        this.secret = SecretBytes.copyOf(bytes);
        Arrays.fill(bytes, (byte) 0);
        this.key = SealingKey.of(1, secret);
    }

    /** A finished run: where it lies in the file, sealed. */
    record Run(int number, long offset, long sealedLength) {}

    /** A new run, which ends when the writer is closed. */
    Writer newRun() throws IOException {
        if (channel == null) {
            channel = open();
        }
        return new Writer(channel);
    }

    /** A run from its start. */
    InputStream read(Run run) {
        FileChannel from = channel;
        if (from == null) {
            throw new IllegalStateException("a run of a spill that has none");
        }
        return new Reader(from, run);
    }

    @Override
    public void close() throws IOException {
        try (secret;
                FileChannel open = channel) {
            channel = null;
        }
    }

    private FileChannel open() throws IOException {
        Path file = Files.createTempFile(
                directory,
                "tidemark-",
                ".sealed",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } finally {
            Files.delete(file);
        }
    }

    private static SealContext context(int run) {
        return new SealContext("spill", "run/" + run);
    }

    /** Writes one run. */
    final class Writer extends OutputStream {
        private final FileChannel to;
        private final int number = runs++;
        private final long start = end;
        private final Sealer sealer = new Sealer(key, context(number));
        private final ByteBuffer plain = ByteBuffer.allocate(SealGeometry.PLAINTEXT);
        private final ByteBuffer sealed = ByteBuffer.allocate(SealGeometry.SEGMENT_BYTES);

        Writer(FileChannel to) {
            this.to = to;
            sealed.put(sealer.header().bytes());
            plain.limit(sealer.nextPlaintextLength());
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int from = offset;
            int left = length;
            while (left > 0) {
                if (!plain.hasRemaining()) {
                    plain.flip();
                    sealer.seal(plain, sealed);
                    flushSealed();
                    plain.clear().limit(sealer.nextPlaintextLength());
                }
                int part = Math.min(left, plain.remaining());
                plain.put(bytes, from, part);
                from += part;
                left -= part;
            }
        }

        /** Ends the run. */
        Run end() throws IOException {
            plain.flip();
            sealer.sealLast(plain, sealed);
            flushSealed();
            return new Run(number, start, end - start);
        }

        private void flushSealed() throws IOException {
            sealed.flip();
            while (sealed.hasRemaining()) {
                end += to.write(sealed, end);
            }
            sealed.clear();
        }
    }

    private final class Reader extends InputStream {
        private final FileChannel from;
        private final Run run;
        private final long segments;
        private final Unsealer unsealer;
        private final ByteBuffer sealed = ByteBuffer.allocate(SealGeometry.SEGMENT_BYTES);
        private final ByteBuffer plain =
                ByteBuffer.allocate(SealGeometry.PLAINTEXT).limit(0);
        private long segment;
        private long position;

        Reader(FileChannel from, Run run) {
            this.from = from;
            this.run = run;
            this.segments = SealGeometry.segmentsOfSealed(run.sealedLength());
            this.unsealer = new Unsealer(key, context(run.number()), header());
            this.position = SealGeometry.HEADER_BYTES;
        }

        @Override
        public int read() throws IOException {
            return fill() ? plain.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int part = Math.min(length, plain.remaining());
            plain.get(bytes, offset, part);
            return part;
        }

        private boolean fill() throws IOException {
            while (!plain.hasRemaining()) {
                if (segment == segments) {
                    return false;
                }
                SegmentPosition where = segment == segments - 1 ? SegmentPosition.LAST : SegmentPosition.MIDDLE;
                long next = Math.min(run.sealedLength(), SealGeometry.sealedOffsetOfSegment(segment + 1));
                read((int) (next - position));
                position = next;
                plain.clear();
                unsealer.open(segment, where, sealed, plain);
                plain.flip();
                segment++;
            }
            return true;
        }

        private SealHeader header() {
            try {
                position = 0;
                read(SealGeometry.HEADER_BYTES);
                return SealHeader.parse(sealed);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void read(int length) throws IOException {
            sealed.clear().limit(length);
            while (sealed.hasRemaining()) {
                if (from.read(sealed, run.offset() + position + sealed.position()) < 0) {
                    throw new IOException("the temporary file in " + directory + " became shorter");
                }
            }
            sealed.flip();
        }
    }
}
