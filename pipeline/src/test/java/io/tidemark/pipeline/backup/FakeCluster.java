package io.tidemark.pipeline.backup;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.postgres.PageChecksum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.zip.CRC32C;

/** A stopped data directory as PostgreSQL 17 leaves it, in all that a backup looks at. */
public final class FakeCluster {
    static final int PAGE = 8192;
    public static final long SYSTEM = 7_710_995_161_739_907_408L;
    static final WalSegmentSize SEGMENT = WalSegmentSize.MIN;
    static final String TABLESPACE_DIRECTORY = "PG_17_202406281";

    private static final Lsn CHECKPOINT = Lsn.parse("0/1100028");
    private static final int STATE_OFFSET = 16;

    private final Path root;
    private final Random random;

    private FakeCluster(Path root, long seed) {
        this.root = root;
        this.random = new Random(seed);
    }

    /** Makes the directory, with a few relations. */
    public static FakeCluster at(Path root, long seed) throws IOException {
        FakeCluster cluster = new FakeCluster(root, seed);
        Files.createDirectories(root);
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
        for (String name : new String[] {
            "base/1",
            "base/5",
            "global",
            "pg_wal/archive_status",
            "pg_wal/summaries",
            "pg_tblspc",
            "pg_xact",
            "pg_stat_tmp",
            "pg_replslot/slot",
            "pg_notify",
            "pg_subtrans",
            "pg_dynshmem",
            "pg_serial",
            "pg_snapshots",
            "pg_multixact/members"
        }) {
            Files.createDirectories(root.resolve(name));
        }
        cluster.write("PG_VERSION", "17\n".getBytes(StandardCharsets.US_ASCII));
        cluster.write("postgresql.conf", "port = 5432\n".getBytes(StandardCharsets.US_ASCII));
        cluster.write("pg_xact/0000", new byte[PAGE]);
        cluster.write("empty", new byte[0]);
        cluster.relation("base/1/1259", 0, 3);
        cluster.relation("base/5/16432", 0, 200);
        cluster.relation("base/5/16432_fsm", 0, 3);
        cluster.relation("global/1262", 0, 1);
        cluster.control(1);
        cluster.wal();
        return cluster;
    }

    public Path root() {
        return root;
    }

    Path path(String name) {
        return root.resolve(name);
    }

    void write(String name, byte[] content) throws IOException {
        Files.createDirectories(path(name).getParent());
        Files.write(path(name), content);
        Files.setPosixFilePermissions(path(name), PosixFilePermissions.fromString("rw-------"));
    }

    /** Half-compressible bytes. */
    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        for (int i = 0; i < length; i += 2) {
            bytes[i] = 7;
        }
        return bytes;
    }

    /** A relation file whose pages have right checksums, its first page being this block of the fork. */
    public void relation(String name, long firstBlock, int pages) throws IOException {
        byte[] content = bytes(pages * PAGE);
        PageChecksum checksum = new PageChecksum(PAGE);
        for (int page = 0; page < pages; page++) {
            int at = page * PAGE;
            content[at + 14] = 0x10;
            content[at + 15] = 0x20;
            int right = checksum.of(content, at, firstBlock + page);
            content[at + 8] = (byte) right;
            content[at + 9] = (byte) (right >> 8);
        }
        write(name, content);
    }

    /** Changes one byte in the middle of a page. */
    void damage(String name, long page) throws IOException {
        byte[] content = Files.readAllBytes(path(name));
        content[(int) page * PAGE + 4000] ^= 1;
        write(name, content);
    }

    /** Writes pg_control in this state: 1 shut down, 2 shut down in recovery, 6 in production. */
    void control(int state) throws IOException {
        control(state, CHECKPOINT, 0, 0);
    }

    void control(int state, Lsn redo, long minRecoveryPoint, int minRecoveryTimeline) throws IOException {
        ByteBuffer file = ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(0, SYSTEM).putInt(8, 1700).putInt(12, 202406281).putInt(STATE_OFFSET, state);
        file.putLong(24, 1_795_744_798L).putLong(32, CHECKPOINT.value()).putLong(40, redo.value());
        file.putInt(48, 1).putInt(52, 1).putLong(104, 1_795_744_790L);
        file.putLong(136, minRecoveryPoint).putInt(144, minRecoveryTimeline);
        file.putInt(216, PAGE)
                .putInt(220, 131_072)
                .putInt(224, PAGE)
                .putInt(228, SEGMENT.bytes())
                .putInt(252, 1);
        CRC32C crc = new CRC32C();
        crc.update(file.duplicate().position(0).limit(288));
        file.putInt(288, (int) crc.getValue());
        write("global/pg_control", file.array());
    }

    /** The segment with the last checkpoint's record, one before it and one after it. */
    private void wal() throws IOException {
        WalSegmentName last = WalSegmentName.of(TimelineId.FIRST, CHECKPOINT, SEGMENT);
        ByteBuffer segment = ByteBuffer.wrap(bytes(SEGMENT.bytes())).order(ByteOrder.LITTLE_ENDIAN);
        segment.putInt((int) CHECKPOINT.distanceFrom(last.start(SEGMENT)), 114);
        write("pg_wal/" + last, segment.array());
        write("pg_wal/" + last.previous(SEGMENT), bytes(SEGMENT.bytes()));
        write("pg_wal/" + last.next(SEGMENT), bytes(SEGMENT.bytes()));
        write("pg_wal/archive_status/" + last.previous(SEGMENT) + ".done", new byte[0]);
        write("pg_wal/summaries/x.summary", new byte[10]);
        write("pg_wal/00000001.history", "1\t0/0\tno\n".getBytes(StandardCharsets.US_ASCII));
    }

    /** The segment that holds the last checkpoint. */
    String lastSegment() {
        return WalSegmentName.of(TimelineId.FIRST, CHECKPOINT, SEGMENT).toString();
    }

    /** The one before it. */
    String previousSegment() {
        return WalSegmentName.of(TimelineId.FIRST, CHECKPOINT, SEGMENT)
                .previous(SEGMENT)
                .toString();
    }

    /** A tablespace at this place, with one relation. */
    void tablespace(long oid, Path location) throws IOException {
        Path content = location.resolve(TABLESPACE_DIRECTORY).resolve("5");
        Files.createDirectories(content);
        if (!Files.exists(path("pg_tblspc/" + oid), LinkOption.NOFOLLOW_LINKS)) {
            Files.createSymbolicLink(path("pg_tblspc/" + oid), location);
        }
        relation("pg_tblspc/" + oid + "/" + TABLESPACE_DIRECTORY + "/5/17000", 0, 2);
    }
}
