package io.tidemark.pipeline.wal;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.crypto.postgres.WalSegmentSize;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.zip.CRC32C;

/** Segments as a server would write them, made for tests: pages, headers and records with their CRCs, random content. */
public final class MadeSegment {
    public static final int PAGE = 8192;
    private static final int SWITCH_INFO = 0x40;
    private static final int NOOP_INFO = 0x20;

    private final WalSegmentName name;
    private final WalSegmentSize size;
    private final long system;
    private final Random random;
    private final byte[] bytes;
    private final ByteBuffer out;
    private int magic = 0xD116;
    private int timelineBefore;
    private Lsn timelineSwitch = Lsn.INVALID;
    private int pending;

    private MadeSegment(WalSegmentName name, WalSegmentSize size, long system, long seed) {
        this.name = name;
        this.size = size;
        this.system = system;
        this.random = new Random(seed);
        this.bytes = new byte[size.bytes()];
        this.out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    public static MadeSegment of(String name, int sizeBytes, long system, long seed) {
        return new MadeSegment(WalSegmentName.parse(name), new WalSegmentSize(sizeBytes), system, seed);
    }

    public MadeSegment magic(int value) {
        magic = value;
        return this;
    }

    /** Pages before this position are of a lower timeline. */
    public MadeSegment afterTimeline(int timeline, Lsn left) {
        timelineBefore = timeline;
        timelineSwitch = left;
        return this;
    }

    /** A record of the segment before reaches into this one. */
    public MadeSegment continuing(int remaining) {
        pending = remaining;
        return this;
    }

    /** Written to its last byte; the last record goes on in the next segment. */
    public byte[] full() {
        beginPage(pending);
        while (out.hasRemaining()) {
            record(NOOP_INFO, 8 + random.nextInt(random.nextInt(10) == 0 ? 20_000 : 600));
        }
        return bytes;
    }

    /** Records up to about here, then a switch record, then zeros. */
    public byte[] switchedAfter(int used) {
        writeUpTo(used);
        record(SWITCH_INFO, 0);
        return bytes;
    }

    /** Records up to about here, then zeros: the server is still writing. */
    public byte[] unfinishedAfter(int used) {
        writeUpTo(used);
        return bytes;
    }

    private void writeUpTo(int used) {
        beginPage(pending);
        while (out.position() < used) {
            record(NOOP_INFO, 8 + random.nextInt(600));
        }
    }

    private void beginPage(int remaining) {
        int offset = out.position();
        Lsn address = name.start(size).plus(offset);
        boolean before = address.isBefore(timelineSwitch);
        int flags = (offset == 0 ? 0x2 : 0) | (remaining > 0 ? 0x1 : 0);
        out.putShort((short) magic).putShort((short) flags);
        out.putInt(before ? timelineBefore : name.timeline().value());
        out.putLong(address.value()).putInt(remaining).putInt(0);
        if (offset == 0) {
            out.putLong(system).putInt(size.bytes()).putInt(PAGE);
        }
        if (offset == 0 && remaining > 0) {
            byte[] rest = new byte[remaining];
            random.nextBytes(rest);
            put(rest);
            align();
        }
    }

    private void record(int info, int dataBytes) {
        if (!out.hasRemaining()) {
            return;
        }
        if (out.position() % PAGE == 0) {
            beginPage(0);
        }
        byte[] content = new byte[24 + dataBytes];
        random.nextBytes(content);
        ByteBuffer record = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        record.putInt(0, content.length).put(16, (byte) info).put(17, (byte) 0);
        CRC32C crc = new CRC32C();
        crc.update(content, 24, dataBytes);
        crc.update(content, 0, 20);
        record.putInt(20, (int) crc.getValue());
        put(content);
        align();
    }

    private void put(byte[] content) {
        int done = 0;
        while (done < content.length && out.hasRemaining()) {
            if (out.position() % PAGE == 0) {
                beginPage(content.length - done);
            }
            int length = Math.min(content.length - done, PAGE - out.position() % PAGE);
            out.put(content, done, length);
            done += length;
        }
    }

    private void align() {
        int aligned = (out.position() + 7) & ~7;
        out.position(Math.min(aligned, out.limit()));
    }
}
