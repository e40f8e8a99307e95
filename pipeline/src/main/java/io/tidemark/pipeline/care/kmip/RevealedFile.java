package io.tidemark.pipeline.care.kmip;

import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.config.StoreFailed;
import io.tidemark.pipeline.config.UsageError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one place where a key may go: a new file that its owner alone can read, durable when it is there and gone when something fails.
 * Blocks.
 */
final class RevealedFile {
    private RevealedFile() {}

    /** Before any key is fetched: what would fail afterwards fails now. */
    static void requireFree(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        if (file.getFileName() == null || directory == null || !Files.isDirectory(directory)) {
            throw new UsageError("--reveal " + file + ": there is no such directory");
        }
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw exists(file, null);
        }
    }

    /** The key is lent. */
    static void write(Path file, byte[] key) {
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            writeInto(channel, file, key);
        } catch (FileAlreadyExistsException there) {
            throw exists(file, there);
        } catch (IOException failure) {
            throw new StoreFailed("cannot write " + file + ": " + failure, failure);
        }
    }

    /** From here on the file is ours to take away. */
    private static void writeInto(FileChannel channel, Path file, byte[] key) throws IOException {
        boolean done = false;
        try {
            ByteBuffer rest = ByteBuffer.wrap(key);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(/* metaData= */ true);
            try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
                directory.force(/* metaData= */ true);
            }
            done = true;
        } finally {
            if (!done) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static RefusedForSafety exists(Path file, @Nullable Throwable cause) {
        return new RefusedForSafety(
                file + " exists: a key is written into a new file only", "name a file that is not there yet", cause);
    }
}
