package io.tidemark.pipeline.keys;

import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.UsageError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;

/** Reads files that hold keys: small, regular, and nobody else's to read or write. */
final class SecretFile {
    /** Larger than any key or PEM text; in bytes. */
    private static final int MAX_BYTES = 16_384;

    private SecretFile() {}

    /**
     * The whole file; the caller wipes it.
     *
     * @param what for messages, such as {@code "key file"}
     */
    static byte[] read(String what, Path file) {
        try {
            PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
            if (!attributes.isRegularFile() || attributes.size() > MAX_BYTES) {
                throw new KeysFailed(what + " " + file + " is no file of at most " + MAX_BYTES + " bytes");
            }
            if (attributes.permissions().contains(PosixFilePermission.OTHERS_READ)
                    || attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
                throw new UsageError(
                        what + " " + file + " is open to others ("
                                + PosixFilePermissions.toString(attributes.permissions()) + ")",
                        "chmod 600 " + file);
            }
            return content(what, file);
        } catch (NoSuchFileException missing) {
            throw new KeysFailed(what + " " + file + " does not exist", missing);
        } catch (IOException failure) {
            throw new KeysFailed(what + " " + file + " cannot be read: " + failure.getMessage(), failure);
        }
    }

    // not Files.readAllBytes, which would leave copies of the key behind while its array grows
    private static byte[] content(String what, Path file) throws IOException {
        byte[] all = new byte[MAX_BYTES + 1];
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            ByteBuffer buffer = ByteBuffer.wrap(all);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                continue;
            }
            if (!buffer.hasRemaining()) {
                throw new KeysFailed(what + " " + file + " is longer than " + MAX_BYTES + " bytes");
            }
            return Arrays.copyOf(all, buffer.position());
        } finally {
            Arrays.fill(all, (byte) 0);
        }
    }
}
