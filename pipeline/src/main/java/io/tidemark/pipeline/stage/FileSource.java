package io.tidemark.pipeline.stage;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Scheduler;

/**
 * A file's bytes, from its start to where it ends when it is read: buffers of 64 KiB, given, heap, in order. Each subscription opens the
 * file anew and reads on demand, on the file scheduler; the file is closed at the end, at an error and at cancel. Ends with
 * {@link UncheckedIOException}, whose cause names the file, where it cannot be opened or read.
 */
public final class FileSource {
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path path;
    private final Scheduler files;

    public FileSource(Path path, Scheduler files) {
        this.path = path;
        this.files = files;
    }

    public Flux<ByteBuf> bytes() {
        return Flux.<ByteBuf, InputStream>generate(this::open, FileSource::readNext, this::close)
                .subscribeOn(files);
    }

    // Not a FileChannel: cancelling interrupts the reading thread, which would close the channel under its feet.
    private InputStream open() {
        try {
            return new FileInputStream(path.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream readNext(InputStream in, SynchronousSink<ByteBuf> sink) {
        ByteBuf buffer = ByteBufAllocator.DEFAULT.heapBuffer(BUFFER_BYTES, BUFFER_BYTES);
        int read;
        try {
            read = buffer.writeBytes(in, BUFFER_BYTES);
        } catch (IOException e) {
            buffer.release();
            sink.error(new UncheckedIOException(e));
            return in;
        }
        if (read > 0) {
            sink.next(buffer);
        } else {
            buffer.release();
            sink.complete();
        }
        return in;
    }

    private void close(InputStream in) {
        try {
            in.close();
        } catch (IOException e) {
            // only read from: nothing is lost, and the bytes that were needed have been given out
            throw new UncheckedIOException("closing " + path, e);
        }
    }
}
