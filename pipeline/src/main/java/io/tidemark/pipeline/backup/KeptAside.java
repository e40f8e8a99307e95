package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.catalog.manifest.FilePath;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.postgres.PgControl;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The few files of a base backup whose content its manifest's header needs: {@code backup_label} and {@code tablespace_map}, which are
 * no entries of it, and the control file, which is. For one thread at a time.
 */
final class KeptAside {
    static final FilePath CONTROL = FilePath.of(PgControl.PATH);
    static final FilePath TABLESPACES = FilePath.of("pg_tblspc");
    static final FilePath BACKUP_LABEL = FilePath.of("backup_label");
    static final FilePath TABLESPACE_MAP = FilePath.of("tablespace_map");

    /** A line a tablespace, of up to 1 KiB each. */
    private static final int MAX_BYTES = 8 << 20;

    private final Map<FilePath, ByteArrayOutputStream> files = new HashMap<>();

    /** Whether the file's place is the manifest's header. */
    static boolean isForHeader(FilePath path) {
        return path.equals(BACKUP_LABEL) || path.equals(TABLESPACE_MAP);
    }

    /** @throws IntegrityFailed where no such file can be so long, or there are two of them */
    void begin(FilePath path, long size) {
        if (size > MAX_BYTES) {
            throw new IntegrityFailed("the server sends a " + path + " of " + size + " bytes");
        }
        if (files.put(path, new ByteArrayOutputStream()) != null) {
            throw new IntegrityFailed("the server sends " + path + " twice");
        }
    }

    /** @param content lent */
    void add(FilePath path, ByteBuffer content) {
        byte[] copy = new byte[content.remaining()];
        content.get(copy);
        bytesOf(path).writeBytes(copy);
    }

    /** What arrived of a file that is no entry; empty for every other. */
    Optional<Evidence.Sent> sent(FilePath path) {
        if (!isForHeader(path) || !files.containsKey(path)) {
            return Optional.empty();
        }
        byte[] bytes = bytesOf(path).toByteArray();
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        return Optional.of(new Evidence.Sent(bytes.length, (int) crc.getValue()));
    }

    /** @throws IntegrityFailed where there is none */
    String backupLabel() {
        String label = text(BACKUP_LABEL);
        if (label == null) {
            throw new IntegrityFailed("the server sent no backup_label");
        }
        return label;
    }

    @Nullable
    String tablespaceMap() {
        return text(TABLESPACE_MAP);
    }

    /** @throws IntegrityFailed where there is none, or a broken one */
    PgControl control() {
        if (!files.containsKey(CONTROL)) {
            throw new IntegrityFailed("the server sent no " + CONTROL);
        }
        return PgControl.parse(ByteBuffer.wrap(bytesOf(CONTROL).toByteArray()), "the server's " + CONTROL);
    }

    private @Nullable String text(FilePath path) {
        if (!files.containsKey(path)) {
            return null;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytesOf(path).toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IntegrityFailed(
                    "the server's " + path + " is not in UTF-8",
                    "a tablespace whose path is not in UTF-8 cannot be backed up",
                    e);
        }
    }

    private ByteArrayOutputStream bytesOf(FilePath path) {
        ByteArrayOutputStream bytes = files.get(path);
        if (bytes == null) {
            throw new IllegalStateException(path + " was not begun");
        }
        return bytes;
    }
}
