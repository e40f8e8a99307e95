package io.tidemark.pipeline.wal;

import io.tidemark.crypto.postgres.Lsn;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/** WAL record by record, as a server would lay it over pages and segments of any size. Its bytes begin at a segment's start. */
public final class MadeWal {
    static final long SYSTEM = 7_700_000_000_000_000_001L;

    private final int segmentBytes;
    private final int blockBytes;
    private final int magic;
    private final Lsn start;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<Lsn> records = new ArrayList<>();
    private int timeline = 1;
    private Lsn last = Lsn.INVALID;

    private MadeWal(Lsn start, int segmentBytes, int blockBytes, int magic) {
        this.start = start;
        this.segmentBytes = segmentBytes;
        this.blockBytes = blockBytes;
        this.magic = magic;
    }

    /** Of PostgreSQL 17, segments of 1 MiB, blocks of 8 KiB, from 0/100000 on. */
    public static MadeWal ofDefaults() {
        return of(1 << 20, 8192, 17);
    }

    public static MadeWal of(int segmentBytes, int blockBytes, int major) {
        int magic = switch (major) {
            case 15 -> 0xD110;
            case 16 -> 0xD113;
            case 17 -> 0xD116;
            case 18 -> 0xD118;
            default -> throw new IllegalArgumentException("PostgreSQL " + major);
        };
        return new MadeWal(new Lsn(segmentBytes), segmentBytes, blockBytes, magic);
    }

    public byte[] bytes() {
        return out.toByteArray();
    }

    /** The same, and zeros to the end of the segment. */
    public byte[] wholeSegments() {
        int length = (out.size() + segmentBytes - 1) / segmentBytes * segmentBytes;
        return Arrays.copyOf(bytes(), length);
    }

    /** Where each record that was written whole begins. */
    List<Lsn> records() {
        return records;
    }

    Lsn position() {
        return start.plus(out.size());
    }

    /** Index of the position in the bytes. */
    int at(Lsn lsn) {
        return (int) lsn.distanceFrom(start);
    }

    void timeline(int value) {
        timeline = value;
    }

    /** A record with main data only. */
    public Lsn record(int resourceManager, int info, byte[] mainData) {
        return parts(resourceManager, info, 0, join(mainDataHeader(mainData.length), mainData));
    }

    /** A record whose part headers and data are given. */
    Lsn parts(int resourceManager, int info, int xid, byte[] parts) {
        byte[] record = sealed(resourceManager, info, xid, parts);
        Lsn at = begin();
        put(record, record.length);
        last = at;
        records.add(at);
        return at;
    }

    /** The first bytes of a record, to the end of its first page; then a new page that gives it up. */
    Lsn abandoned(int mainDataBytes) {
        Lsn before = last;
        byte[] record = sealed(0, 0x20, 0, join(mainDataHeader(mainDataBytes), new byte[mainDataBytes]));
        Lsn at = begin();
        put(record, blockBytes - out.size() % blockBytes);
        page(0x8, 0);
        last = before;
        return at;
    }

    /** A switch record, and zeros up to the next segment. */
    Lsn switched() {
        Lsn at = parts(0, 0x40, 0, new byte[0]);
        while (out.size() % segmentBytes != 0) {
            out.write(0);
        }
        return at;
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    static byte[] mainDataHeader(int length) {
        if (length == 0) {
            return new byte[0];
        }
        return length < 256
                ? new byte[] {(byte) 255, (byte) length}
                : little(5).put((byte) 254).putInt(length).array();
    }

    static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private byte[] sealed(int resourceManager, int info, int xid, byte[] parts) {
        byte[] record = new byte[24 + parts.length];
        System.arraycopy(parts, 0, record, 24, parts.length);
        seal(record, resourceManager, info, xid);
        return record;
    }

    private void seal(byte[] record, int resourceManager, int info, int xid) {
        ByteBuffer header = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(record.length).putInt(xid).putLong(last.value());
        header.put((byte) info).put((byte) resourceManager).putShort((short) 0);
        CRC32C crc = new CRC32C();
        crc.update(record, 24, record.length - 24);
        crc.update(record, 0, 20);
        header.putInt((int) crc.getValue());
    }

    private Lsn begin() {
        while (out.size() % 8 != 0) {
            out.write(0);
        }
        if (out.size() % blockBytes == 0) {
            page(0, 0);
        }
        return position();
    }

    private void put(byte[] record, int length) {
        int done = 0;
        while (done < length) {
            if (out.size() % blockBytes == 0) {
                page(0x1, record.length - done);
            }
            int part = Math.min(length - done, blockBytes - out.size() % blockBytes);
            out.write(record, done, part);
            done += part;
        }
    }

    private void page(int flags, int remaining) {
        boolean first = out.size() % segmentBytes == 0;
        byte[] bytes = new byte[first ? 40 : 24];
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        header.putShort((short) magic).putShort((short) (flags | (first ? 0x2 : 0)));
        header.putInt(timeline).putLong(position().value()).putInt(remaining).putInt(0);
        if (first) {
            header.putLong(SYSTEM).putInt(segmentBytes).putInt(blockBytes);
        }
        out.writeBytes(bytes);
    }
}
