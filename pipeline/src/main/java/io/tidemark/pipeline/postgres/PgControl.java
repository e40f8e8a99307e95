package io.tidemark.pipeline.postgres;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.NotInThisVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.zip.CRC32C;

/**
 * The control file of a data directory, {@code global/pg_control}, as a little-endian server of version 13 to 18 writes
 * it. Its CRC has been verified.
 *
 * @param systemIdentifier unsigned
 * @param version of the file's form: 1300 for PostgreSQL 13 to 16, 1700, 1800
 * @param catalogVersion {@code 202406281} for PostgreSQL 17
 * @param modified when the file was last written, by the server's clock, in whole seconds
 * @param checkpoint where the last checkpoint's record begins
 * @param redo from where replay of that checkpoint begins
 * @param timeline of that checkpoint
 * @param checkpointTime when that checkpoint began, in whole seconds
 * @param minRecoveryPoint up to where a standby must replay before it is consistent; invalid on a primary
 * @param minRecoveryTimeline the timeline of that point; 0 on a primary
 * @param blockSize of data pages, in bytes
 * @param relationSegmentBlocks blocks after which a relation goes on in another file
 * @param walBlockSize of WAL pages, in bytes
 * @param checksumVersion of data pages; 0: no data checksums
 */
public record PgControl(
        long systemIdentifier,
        int version,
        int catalogVersion,
        DatabaseState state,
        Instant modified,
        Lsn checkpoint,
        Lsn redo,
        TimelineId timeline,
        Instant checkpointTime,
        Lsn minRecoveryPoint,
        long minRecoveryTimeline,
        int blockSize,
        int relationSegmentBlocks,
        int walBlockSize,
        WalSegmentSize segmentSize,
        int checksumVersion) {
    /** The file's length; what is behind the structure is zeros. */
    public static final int FILE_BYTES = 8192;

    private static final int CRC_OFFSET = 288;
    // 18 puts a boolean (default_char_signedness) before the nonce, and the CRC is aligned behind it
    private static final int CRC_OFFSET_18 = 292;

    /** Where it is, below a data directory. */
    public static final String PATH = "global/pg_control";

    /**
     * Reads a data directory's own. Blocks.
     *
     * @throws NoSuchFileException where there is none
     * @throws IntegrityFailed and {@link NotInThisVersion} as {@link #parse} does
     */
    public static PgControl read(Path dataDirectory) throws IOException {
        Path file = dataDirectory.resolve(PATH);
        return parse(ByteBuffer.wrap(Files.readAllBytes(file)), file.toString());
    }

    /**
     * Reads the file's bytes; they are lent, and their order and position left alone.
     *
     * @param where the file is, for messages
     * @throws IntegrityFailed where the length or the CRC is wrong, or a value is impossible
     * @throws NotInThisVersion for a form of the file that this version does not know
     */
    public static PgControl parse(ByteBuffer file, String where) {
        if (file.remaining() != FILE_BYTES) {
            throw new IntegrityFailed(where + ": " + file.remaining() + " bytes, a control file has " + FILE_BYTES);
        }
        ByteBuffer in = file.slice().order(ByteOrder.LITTLE_ENDIAN);
        int version = in.getInt(8);
        int crcOffset = crcOffset(version, where);
        CRC32C crc = new CRC32C();
        crc.update(in.duplicate().limit(crcOffset));
        if ((int) crc.getValue() != in.getInt(crcOffset)) {
            throw new IntegrityFailed(
                    where + ": the CRC is wrong", "look at pg_controldata's output for this directory");
        }
        try {
            return read(in, version);
        } catch (IllegalArgumentException e) {
            throw new IntegrityFailed(where + ": " + e.getMessage(), e);
        }
    }

    private static PgControl read(ByteBuffer in, int version) {
        return new PgControl(
                in.getLong(0),
                version,
                in.getInt(12),
                state(in.getInt(16)),
                Instant.ofEpochSecond(in.getLong(24)),
                new Lsn(in.getLong(32)),
                new Lsn(in.getLong(40)),
                TimelineId.of(Integer.toUnsignedLong(in.getInt(48))),
                Instant.ofEpochSecond(in.getLong(104)),
                new Lsn(in.getLong(136)),
                Integer.toUnsignedLong(in.getInt(144)),
                in.getInt(216),
                in.getInt(220),
                in.getInt(224),
                new WalSegmentSize(in.getInt(228)),
                in.getInt(252));
    }

    private static DatabaseState state(int number) {
        DatabaseState[] states = DatabaseState.values();
        if (number < 0 || number >= states.length) {
            throw new IllegalArgumentException("no database state: " + number);
        }
        return states[number];
    }

    private static int crcOffset(int version, String where) {
        return switch (version) {
            case 1300, 1700 -> CRC_OFFSET;
            case 1800 -> CRC_OFFSET_18;
            default ->
                throw new NotInThisVersion(where + ": control file of version " + version
                        + ", this version of Tidemark knows 1300, 1700 and 1800 (PostgreSQL 13 to 18)");
        };
    }
}
