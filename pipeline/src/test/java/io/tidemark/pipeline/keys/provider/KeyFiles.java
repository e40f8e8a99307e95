package io.tidemark.pipeline.keys.provider;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;

/** A file with keys, for its owner only. */
public record KeyFiles(Path path) {

    public void write(byte[] content) {
        try {
            Files.write(path, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        permit("rw-------");
    }

    public void write(String content) {
        write(content.getBytes(StandardCharsets.UTF_8));
    }

    /** @param namesAndKeys in turn */
    public void writeRing(Object... namesAndKeys) {
        ByteArrayOutputStream ring = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndKeys.length; i += 2) {
            byte[] key = (byte[]) namesAndKeys[i + 1];
            ring.writeBytes(Arrays.copyOf(((String) namesAndKeys[i]).getBytes(StandardCharsets.UTF_8), 256));
            ring.writeBytes(Arrays.copyOf(key, 32));
            ring.writeBytes(new byte[] {(byte) key.length, 0, 0, 0});
        }
        write(ring.toByteArray());
    }

    public void permit(String mode) {
        try {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void delete() {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
