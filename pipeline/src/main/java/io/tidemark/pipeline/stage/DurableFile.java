package io.tidemark.pipeline.stage;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A file that is there whole and durable, or not at all: temporary name in the same directory, fsync, rename, fsync of the directory. What
 * stood under the name is replaced in one step. All work is on the file scheduler.
 */
public final class DurableFile {
    private static final int PREFETCH = 4;
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path destination;
    private final Path temporary;
    private final Scheduler files;

    /**
     * @param temporaryName of a file that does not exist, in the destination's directory; removed when the write fails or is cancelled,
     *     left behind only by a crash
     */
    public DurableFile(Path destination, String temporaryName, Scheduler files) {
        this.destination = destination;
        this.temporary = destination.resolveSibling(temporaryName);
        this.files = files;
    }

    /**
     * Writes the content, given; completes when it is durable under its name, mode 0600. Ends with the source's error, or with
     * {@link UncheckedIOException} where a step fails: the destination is then as it was, unless only the directory's fsync failed.
     * Cancel leaves the destination as it was and no temporary file.
     */
    public Mono<Void> write(Flux<ByteBuf> content) {
        return Mono.usingWhen(
                        Mono.fromCallable(this::create),
                        file -> content.publishOn(files, PREFETCH)
                                .doOnNext(buffer -> append(file, buffer))
                                .doOnDiscard(ByteBuf.class, ReferenceCountUtil::safeRelease)
                                .then(Mono.fromRunnable(() -> publish(file))),
                        file -> Mono.empty(),
                        (file, error) -> abandon(file),
                        this::abandon)
                .subscribeOn(files)
                .then();
    }

    // Not a FileChannel: cancelling interrupts the writing thread, which would close the channel under its feet.
    private RandomAccessFile create() throws IOException {
        Files.createFile(temporary, OWNER_ONLY);
        return new RandomAccessFile(temporary.toFile(), "rw");
    }

    private static void append(RandomAccessFile file, ByteBuf buffer) {
        try {
            buffer.readBytes(new Appending(file), buffer.readableBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            buffer.release();
        }
    }

    private void publish(RandomAccessFile file) {
        try {
            file.getFD().sync();
            file.close();
            Files.move(temporary, destination, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            fsyncDirectory();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fsyncDirectory() throws IOException {
        Path parent = destination.toAbsolutePath().getParent();
        try (FileChannel directory = FileChannel.open(parent == null ? destination : parent, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private Mono<Void> abandon(RandomAccessFile file) {
        return Mono.<Void>fromCallable(() -> {
                    file.close();
                    Files.deleteIfExists(temporary);
                    return null;
                })
                .subscribeOn(files);
    }

    /** Lets Netty write a buffer out of its own memory, whatever that is. */
    private static final class Appending extends OutputStream {
        private final RandomAccessFile file;

        Appending(RandomAccessFile file) {
            this.file = file;
        }

        @Override
        public void write(int b) throws IOException {
            file.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            file.write(bytes, offset, length);
        }
    }
}
