package io.tidemark.pipeline.wal;

import io.tidemark.crypto.postgres.ForkNumber;
import io.tidemark.crypto.postgres.RelFileLocator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The headers between a record's fixed part and its data, which say what the data are. Fed byte by byte: they are few.
 *
 * <pre>
 * record:  header (24) ‖ part header … ‖ data of block … ‖ main data
 * block:   id (1) ≤ 32 ‖ fork and flags (1) ‖ data length (2) ‖ [image] ‖ [tablespace (4) ‖ database (4) ‖ relation (4)] ‖ block (4)
 * image:   length (2) ‖ hole offset (2) ‖ flags (1) ‖ [hole length (2)]
 * others:  255 ‖ main data length (1)   254 ‖ main data length (4)   253 ‖ origin (2)   252 ‖ top-level xid (4)
 * </pre>
 *
 * <p>Nothing is allocated by what a length says; the number of blocks is limited by their ids, which ascend. Source:
 * PostgreSQL 15 to 18, src/include/access/xlogrecord.h, src/backend/access/transam/xlogreader.c, DecodeXLogRecord.
 */
final class RecordParts {
    private static final int MAX_BLOCK_ID = 32;
    private static final int TOP_LEVEL_XID = 252;
    private static final int ORIGIN = 253;
    private static final int MAIN_DATA_LONG = 254;
    private static final int MAIN_DATA_SHORT = 255;

    private static final int FORK = 0x0f;
    private static final int HAS_IMAGE = 0x10;
    private static final int HAS_DATA = 0x20;
    private static final int WILL_INIT = 0x40;
    private static final int SAME_RELATION = 0x80;

    private static final int HAS_HOLE = 0x01;
    private static final int APPLY = 0x02;
    private static final int COMPRESSED = 0x1c;

    /** Of the relation's pages, not of the WAL's; no other is supported. */
    private static final int BLOCK_BYTES = 8192;
    /** The longest part header: a block with an image with a hole, of a new relation. */
    private static final int LONGEST = 27;

    private final ByteBuffer part = ByteBuffer.allocate(LONGEST).order(ByteOrder.LITTLE_ENDIAN);
    private final List<BlockReference> blocks = new ArrayList<>();
    private @Nullable RelFileLocator relation;
    private int lastId;
    private int needed;
    private long dataBytes;
    private int mainDataLength;
    private boolean sawMainData;
    private int origin;
    private int topLevelXid;
    private @Nullable String problem;

    void begin() {
        part.clear();
        blocks.clear();
        relation = null;
        lastId = -1;
        needed = 1;
        dataBytes = 0;
        mainDataLength = 0;
        sawMainData = false;
        origin = 0;
        topLevelXid = 0;
        problem = null;
    }

    /**
     * Whether another byte of part headers follows. PostgreSQL writes no count: the headers end where what is left of the
     * record is what they have promised.
     *
     * @param unread bytes of the record
     */
    boolean goesOn(long unread) {
        if (problem != null) {
            return false;
        }
        if (part.position() > 0) {
            if (unread == 0) {
                problem = "the record ends within its part headers";
            }
            return problem == null;
        }
        if (!sawMainData && unread > dataBytes) {
            return true;
        }
        if (unread != dataBytes) {
            problem = "its parts have " + dataBytes + " bytes, but " + unread + " are left of it";
        }
        return false;
    }

    /** Takes the next byte, if the headers {@linkplain #goesOn go on}. */
    void take(byte next) {
        part.put(next);
        if (part.position() < needed) {
            return;
        }
        int more = more();
        if (more > 0) {
            needed += more;
            return;
        }
        complete();
        part.clear();
        needed = 1;
    }

    /** How many bytes the part header needs behind those that are there. */
    private int more() {
        int id = part.get(0) & 0xff;
        int there = part.position();
        if (there == 1) {
            return switch (id) {
                case MAIN_DATA_SHORT -> 1;
                case ORIGIN -> 2;
                case MAIN_DATA_LONG, TOP_LEVEL_XID -> 4;
                default -> blockFollows(id) ? 3 : 0;
            };
        }
        if (id > MAX_BLOCK_ID) {
            return 0;
        }
        int flags = part.get(1);
        boolean image = (flags & HAS_IMAGE) != 0;
        if (there == 4 && image) {
            return 5;
        }
        int withImage = image ? 9 : 4;
        int withHole = withImage + (image && hasHoleLength() ? 2 : 0);
        if (there < withHole) {
            return withHole - there;
        }
        return withHole + ((flags & SAME_RELATION) != 0 ? 4 : 16) - there;
    }

    private boolean blockFollows(int id) {
        if (id > MAX_BLOCK_ID) {
            problem = "no part header has id " + id;
        } else if (id <= lastId) {
            problem = "block " + id + " follows block " + lastId;
        }
        return problem == null;
    }

    private boolean hasHoleLength() {
        int flags = part.get(8);
        return (flags & HAS_HOLE) != 0 && (flags & COMPRESSED) != 0;
    }

    private void complete() {
        if (problem != null) {
            return;
        }
        int id = part.get(0) & 0xff;
        switch (id) {
            case MAIN_DATA_SHORT -> mainData(part.get(1) & 0xff);
            case MAIN_DATA_LONG -> mainData(part.getInt(1));
            case ORIGIN -> origin = part.getShort(1) & 0xffff;
            case TOP_LEVEL_XID -> topLevelXid = part.getInt(1);
            default -> block(id);
        }
    }

    private void mainData(int length) {
        if (length < 0) {
            problem = "its main data have " + Integer.toUnsignedString(length) + " bytes";
        }
        mainDataLength = length;
        dataBytes += length;
        sawMainData = true;
    }

    private void block(int id) {
        int flags = part.get(1);
        int dataLength = part.getShort(2) & 0xffff;
        if ((flags & HAS_DATA) != 0 != dataLength > 0) {
            problem = "block " + id + " has " + dataLength + " bytes of data, its flags say otherwise";
            return;
        }
        ForkNumber[] forks = ForkNumber.values();
        if ((flags & FORK) >= forks.length) {
            problem = "block " + id + " is of fork " + (flags & FORK);
            return;
        }
        BlockImage image = (flags & HAS_IMAGE) != 0 ? image(id) : null;
        int at = part.position() - 4;
        if ((flags & SAME_RELATION) == 0) {
            relation = relation(at - 12);
        }
        RelFileLocator of = relation;
        if (problem == null && of == null) {
            problem = "block " + id + " is of no relation";
        }
        if (problem != null || of == null) {
            return;
        }
        blocks.add(new BlockReference(
                id,
                of,
                forks[flags & FORK],
                Integer.toUnsignedLong(part.getInt(at)),
                (flags & WILL_INIT) != 0 ? BlockReference.Initialization.MADE_ANEW : BlockReference.Initialization.KEPT,
                dataLength,
                image));
        lastId = id;
        dataBytes += dataLength + (image == null ? 0 : image.length());
    }

    private @Nullable RelFileLocator relation(int at) {
        long tablespace = Integer.toUnsignedLong(part.getInt(at));
        long number = Integer.toUnsignedLong(part.getInt(at + 8));
        return tablespace == 0 || number == 0
                ? null
                : new RelFileLocator(tablespace, Integer.toUnsignedLong(part.getInt(at + 4)), number);
    }

    private @Nullable BlockImage image(int id) {
        int length = part.getShort(4) & 0xffff;
        int holeOffset = part.getShort(6) & 0xffff;
        int flags = part.get(8);
        boolean hole = (flags & HAS_HOLE) != 0;
        BlockImage.Compression compression = compression(flags & COMPRESSED);
        if (compression == null) {
            problem = "the image of block " + id + " is compressed by 0x" + Integer.toHexString(flags & COMPRESSED);
            return null;
        }
        int holeLength = 0;
        if (hole) {
            holeLength = hasHoleLength() ? part.getShort(9) & 0xffff : BLOCK_BYTES - length;
        }
        boolean compressed = compression != BlockImage.Compression.NONE;
        boolean possible = hole
                ? holeOffset > 0 && holeLength > 0 && holeOffset + holeLength <= BLOCK_BYTES && length < BLOCK_BYTES
                : holeOffset == 0 && (compressed ? length < BLOCK_BYTES : length == BLOCK_BYTES);
        if (!possible) {
            problem = "the image of block " + id + " has " + length + " bytes and a hole of " + holeLength + " at "
                    + holeOffset;
            return null;
        }
        return new BlockImage(
                length,
                holeOffset,
                holeLength,
                compression,
                (flags & APPLY) != 0 ? BlockImage.Use.RESTORE : BlockImage.Use.COMPARE);
    }

    private static BlockImage.@Nullable Compression compression(int flags) {
        return switch (flags) {
            case 0x00 -> BlockImage.Compression.NONE;
            case 0x04 -> BlockImage.Compression.PGLZ;
            case 0x08 -> BlockImage.Compression.LZ4;
            case 0x10 -> BlockImage.Compression.ZSTD;
            default -> null;
        };
    }

    /** Why the parts do not add up; null where they do. */
    @Nullable
    String problem() {
        return problem;
    }

    List<BlockReference> blocks() {
        return blocks;
    }

    /** Of the bytes behind the headers, how many lie before the main data. */
    long blockDataBytes() {
        return dataBytes - mainDataLength;
    }

    int mainDataLength() {
        return mainDataLength;
    }

    int origin() {
        return origin;
    }

    long topLevelXid() {
        return Integer.toUnsignedLong(topLevelXid);
    }
}
