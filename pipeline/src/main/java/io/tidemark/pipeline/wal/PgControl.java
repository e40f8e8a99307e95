package io.tidemark.pipeline.wal;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.NotInThisVersion;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.zip.CRC32C;

/**
 * What {@code global/pg_control} says of a cluster, as far as it is used here. Layout of 64-bit little-endian servers,
 * offsets in bytes:
 *
 * <pre>
 * 0 system identifier ‖ 8 control version ‖ 12 catalog version ‖ 16 state ‖ 24 time ‖ 32 checkpoint ‖ 40 copy of it
 * (redo, 48 timeline, 52 previous timeline, 56 full_page_writes … 104 time) ‖ 136 minimum recovery point, 144 its timeline
 * ‖ 152 backup start, 160 backup end, 168 end required ‖ 172 settings … ‖ 216 block size, 220 blocks a relation segment,
 * 224 WAL block size, 228 WAL segment size … 252 data checksum version ‖ nonce ‖ CRC-32C of all before it
 * </pre>
 *
 * <p>Source: PostgreSQL 15 to 18, src/include/catalog/pg_control.h.
 *
 * @param systemIdentifier unsigned
 * @param checkpoint where the last checkpoint record is; {@code redo} is where replay from it begins
 * @param timeline of that checkpoint
 * @param dataChecksumVersion 0 where data checksums are off
 */
public record PgControl(
        long systemIdentifier,
        int controlVersion,
        int catalogVersion,
        ClusterState state,
        Instant time,
        Lsn checkpoint,
        Lsn redo,
        TimelineId timeline,
        TimelineId previousTimeline,
        Instant checkpointTime,
        Lsn minRecoveryPoint,
        Lsn backupStart,
        Lsn backupEnd,
        int blockBytes,
        int blocksPerRelationSegment,
        int walBlockBytes,
        WalSegmentSize segmentSize,
        int dataChecksumVersion) {

    /** How much of the file is asked for: its length is 8 KiB, what counts lies in the first 512 bytes. */
    public static final int BYTES = 512;

    /** Where the file lies in a data directory. */
    public static final String PATH = "global/pg_control";

    /** What the server was doing when it last wrote; in PostgreSQL's order. */
    public enum ClusterState {
        STARTING_UP,
        SHUT_DOWN,
        SHUT_DOWN_IN_RECOVERY,
        SHUTTING_DOWN,
        IN_CRASH_RECOVERY,
        IN_ARCHIVE_RECOVERY,
        IN_PRODUCTION
    }

    /**
     * Reads the file's start. The server rewrites it in place: who meets a CRC failure reads again before believing it.
     *
     * @param where the file, for messages
     * @param file from its first byte on, at least 296 bytes, lent
     * @throws IntegrityFailed where the CRC is wrong or a value impossible
     * @throws NotInThisVersion for another major version, byte order or block size
     */
    public static PgControl parse(String where, ByteBuffer file) {
        ByteBuffer in = file.slice().order(ByteOrder.LITTLE_ENDIAN);
        int crcAt = in.remaining() < 16 ? 0 : crcOffset(where, in.getInt(8));
        if (in.remaining() < crcAt + Integer.BYTES || crcAt == 0) {
            throw new IntegrityFailed(where + " has only " + in.remaining() + " bytes");
        }
        CRC32C crc = new CRC32C();
        crc.update(in.slice(0, crcAt));
        if ((int) crc.getValue() != in.getInt(crcAt)) {
            throw new IntegrityFailed(where + " fails its CRC");
        }
        try {
            return read(in);
        } catch (IllegalArgumentException e) {
            throw new IntegrityFailed(where + " has an impossible value: " + e.getMessage(), e);
        }
    }

    private static int crcOffset(String where, int version) {
        return switch (version) {
            case 1300, 1700 -> 288;
            case 1800 -> 292;
            default ->
                throw new NotInThisVersion(where + " has version " + Integer.toUnsignedString(version)
                        + ", known are 1300 (PostgreSQL 15, 16), 1700 (17) and 1800 (18), little-endian");
        };
    }

    private static PgControl read(ByteBuffer in) {
        int state = in.getInt(16);
        ClusterState[] states = ClusterState.values();
        if (state < 0 || state >= states.length) {
            throw new IllegalArgumentException("state " + state);
        }
        if (in.getInt(216) != 8192 || in.getInt(224) != WalPageHeader.PAGE_BYTES) {
            throw new NotInThisVersion("block size " + in.getInt(216) + " and WAL block size " + in.getInt(224)
                    + ": only servers built with 8192 for both are supported");
        }
        return new PgControl(
                in.getLong(0),
                in.getInt(8),
                in.getInt(12),
                states[state],
                Instant.ofEpochSecond(in.getLong(24)),
                new Lsn(in.getLong(32)),
                new Lsn(in.getLong(40)),
                new TimelineId(in.getInt(48)),
                new TimelineId(in.getInt(52)),
                Instant.ofEpochSecond(in.getLong(104)),
                new Lsn(in.getLong(136)),
                new Lsn(in.getLong(152)),
                new Lsn(in.getLong(160)),
                in.getInt(216),
                in.getInt(220),
                in.getInt(224),
                new WalSegmentSize(in.getInt(228)),
                in.getInt(252));
    }

    /** Whether the server was stopped in order and has written nothing since. */
    public boolean isShutDown() {
        return state == ClusterState.SHUT_DOWN || state == ClusterState.SHUT_DOWN_IN_RECOVERY;
    }

    /** The system identifier as PostgreSQL and object names print it. */
    public String systemIdentifierText() {
        return Long.toUnsignedString(systemIdentifier);
    }
}
