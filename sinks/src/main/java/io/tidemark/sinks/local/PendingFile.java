package io.tidemark.sinks.local;

import io.netty.buffer.ByteBuf;
import io.tidemark.sinks.IntegrityFailed;
import io.tidemark.sinks.ObjectBody;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.PutOutcome;
import io.tidemark.sinks.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file that is being written under {@code .tmp/}, until it is linked to its name or thrown away. Blocks; used by one
 * thread at a time. An error of write, fsync or close is final: after a failed fsync the kernel may drop the pages, and
 * asking again would be answered with success.
 */
final class PendingFile {

    private final Root root;
    private final Path temporary;
    private final ObjectName name;
    private @Nullable FileChannel channel;
    private long written;

    PendingFile(Root root, String random, ObjectName name) {
        this.root = root;
        this.temporary = root.temporary().resolve(random);
        this.name = name;
    }

    /** Makes the file, empty. */
    void create() {
        // The first look: a missing root must not become "no such file" of something below it.
        root.identity();
        try {
            root.makeDirectory(root.temporary());
            channel = FileChannel.open(
                    temporary,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                    Root.FILE_MODE);
        } catch (IOException e) {
            throw FileFailure.of("create", temporary, e);
        }
    }

    /** Writes a buffer, given, behind what there is. */
    void write(ByteBuf buffer) {
        try {
            FileChannel open = open();
            for (ByteBuffer bytes : buffer.nioBuffers()) {
                while (bytes.hasRemaining()) {
                    written += open.write(bytes);
                }
            }
        } catch (IOException e) {
            throw FileFailure.of("write", temporary, e);
        } finally {
            buffer.release();
        }
    }

    /** All of the body has come: synchronises, closes, links. The file has its name when this returns, durably. */
    PutOutcome publish(ObjectBody body) {
        checkLength(body.sizeBytes());
        try {
            open().force(true);
            close();
        } catch (IOException e) {
            throw FileFailure.of("fsync", temporary, e);
        }
        Path file = root.file(name);
        PutOutcome outcome;
        Path directory;
        try {
            directory = root.makeWay(name);
            outcome = link(file);
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw FileFailure.of("put", file, e);
        }
        switch (outcome) {
            case CREATED -> root.settle(directory);
            case PRESENT -> {
                synchronise(file);
                root.settleAnew(directory);
            }
        }
        return outcome;
    }

    /** Leaves nothing behind, whatever state the file is in. */
    void discard() {
        try {
            close();
        } catch (IOException e) {
            throw FileFailure.of("close", temporary, e);
        } finally {
            remove();
        }
    }

    private PutOutcome link(Path file) throws IOException {
        try {
            Files.createLink(file, temporary);
            return PutOutcome.CREATED;
        } catch (FileAlreadyExistsException e) {
            // NFS may repeat a link whose answer was lost: then what is there is this very file.
            return isSameFile(file) ? PutOutcome.CREATED : PutOutcome.PRESENT;
        } catch (IOException e) {
            StoreException failure = FileFailure.ofFeature("link", file, e);
            throw failure;
        }
    }

    private boolean isSameFile(Path file) throws IOException {
        BasicFileAttributes there = Root.attributes(file);
        BasicFileAttributes ours = Root.attributes(temporary);
        return there != null
                && ours != null
                && there.fileKey() != null
                && there.fileKey().equals(ours.fileKey());
    }

    /** Another writer's file was synchronised before it got its name; one that was copied here by hand was not. */
    private static void synchronise(Path file) {
        try {
            BasicFileAttributes attributes = Root.attributes(file);
            if (attributes == null || !attributes.isRegularFile()) {
                return;
            }
            try (FileChannel there = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
                there.force(true);
            }
        } catch (IOException e) {
            throw FileFailure.of("fsync", file, e);
        }
    }

    private void checkLength(OptionalLong said) {
        if (said.isPresent() && said.getAsLong() != written) {
            throw new IntegrityFailed(
                    "put " + root.file(name) + ": the body has " + written + " bytes and said " + said.getAsLong(),
                    null);
        }
    }

    private FileChannel open() {
        if (channel == null) {
            throw new IllegalStateException("written before it was created: " + temporary);
        }
        return channel;
    }

    private void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }

    private void remove() {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw FileFailure.of("remove", temporary, e);
        }
    }
}
