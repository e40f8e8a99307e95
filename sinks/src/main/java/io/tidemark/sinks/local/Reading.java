package io.tidemark.sinks.local;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tidemark.sinks.ByteRange;
import io.tidemark.sinks.IntegrityFailed;
import io.tidemark.sinks.ObjectMissing;
import io.tidemark.sinks.ObjectName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.SynchronousSink;

/** One reading of an object or of a range of it. Blocks; used by one thread at a time. */
final class Reading {

    /** A sealed segment: what the next stage needs to be able to work. */
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Root root;
    private final ObjectName name;
    private final Path file;
    private final @Nullable ByteRange range;
    private @Nullable FileChannel channel;
    private long position;
    private long end;

    /** Of the whole object where there is no range. */
    Reading(Root root, ObjectName name, @Nullable ByteRange range) {
        this.root = root;
        this.name = name;
        this.file = root.file(name);
        this.range = range;
    }

    /** Emits the next buffer, given, or the end. The first call opens the file. */
    void next(SynchronousSink<ByteBuf> sink) {
        FileChannel open = channel == null ? open() : channel;
        if (position == end) {
            sink.complete();
            return;
        }
        int length = (int) Math.min(BUFFER_BYTES, end - position);
        ByteBuf buffer = ByteBufAllocator.DEFAULT.directBuffer(length, length);
        try {
            while (buffer.isWritable()) {
                int read = buffer.writeBytes(open, position, buffer.writableBytes());
                if (read <= 0) {
                    throw new IntegrityFailed(
                            "read " + file + ": it ends at byte " + position + ", and had " + end + " or more", null);
                }
                position += read;
            }
        } catch (IOException e) {
            buffer.release();
            throw FileFailure.of("read", file, e);
        } catch (IntegrityFailed e) {
            buffer.release();
            throw e;
        }
        sink.next(buffer);
    }

    void close() {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                throw FileFailure.of("close", file, e);
            }
        }
    }

    private FileChannel open() {
        Object identity = root.identity();
        try {
            BasicFileAttributes attributes =
                    root.look(name).orElseThrow(() -> new NoSuchFileException(file.toString()));
            // Looked at first: opening a FIFO would wait for its writer.
            if (!attributes.isRegularFile()) {
                throw new IntegrityFailed("read " + file + ": it is no regular file", null);
            }
            FileChannel open = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
            channel = open;
            bound(open.size());
            return open;
        } catch (NoSuchFileException e) {
            root.confirm(identity);
            throw new ObjectMissing("read " + file + ": no such object", e);
        } catch (IOException e) {
            throw FileFailure.of("read", file, e);
        }
    }

    private void bound(long size) {
        position = range == null ? 0 : range.offset();
        end = range == null ? size : range.end();
        if (end > size) {
            throw new IntegrityFailed("read " + file + ": " + range + " of an object of " + size + " bytes", null);
        }
    }
}
