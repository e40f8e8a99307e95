package io.tidemark.pipeline.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.crypto.postgres.ForkNumber;
import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.RelFileLocator;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The headers of a record's parts: blocks, images, main data, origin. */
final class RecordPartsTest {
    private static final int NOOP = 0x20;

    @Test
    void partsOfARecord_areItsBlocksOriginAndTopLevelTransaction() {
        byte[] blocks = MadeWal.join(
                block(0, 0x10 | 0x40, 0)
                        .putShort((short) 8000)
                        .putShort((short) 100)
                        .put((byte) 0x03)
                        .putInt(1663)
                        .putInt(5)
                        .putInt(16432)
                        .putInt(7)
                        .array(),
                blockOfSame(1, 0x80 | 0x20 | 0x2, 3).putInt(-1).array(),
                MadeWal.little(4 + 5 + 2 + 4)
                        .put((byte) 32)
                        .put((byte) (0x80 | 0x10 | 0x20))
                        .putShort((short) 9)
                        .putShort((short) 50)
                        .putShort((short) 200)
                        .put((byte) (0x01 | 0x10))
                        .putShort((short) 4000)
                        .putInt(0)
                        .array());
        byte[] record = MadeWal.join(
                blocks,
                MadeWal.little(3).put((byte) 253).putShort((short) 0xfffe).array(),
                MadeWal.little(5).put((byte) 252).putInt(-2).array(),
                MadeWal.mainDataHeader(4),
                new byte[8000 + 3 + 50 + 9 + 4]);
        MadeWal made = MadeWal.ofDefaults();
        made.parts(10, 0x81, -3, record);
        RelFileLocator relation = new RelFileLocator(1663, 5, 16432);

        WalRecord read = ReadWal.of(made).last();

        assertThat(read.blocks())
                .containsExactly(
                        new BlockReference(
                                0,
                                relation,
                                ForkNumber.MAIN,
                                7,
                                BlockReference.Initialization.MADE_ANEW,
                                0,
                                new BlockImage(8000, 100, 192, BlockImage.Compression.NONE, BlockImage.Use.RESTORE)),
                        new BlockReference(
                                1, relation, ForkNumber.VM, 0xffffffffL, BlockReference.Initialization.KEPT, 3, null),
                        new BlockReference(
                                32,
                                relation,
                                ForkNumber.MAIN,
                                0,
                                BlockReference.Initialization.KEPT,
                                9,
                                new BlockImage(50, 200, 4000, BlockImage.Compression.ZSTD, BlockImage.Use.COMPARE)));
        assertThat(read.origin()).isEqualTo(0xfffe);
        assertThat(read.topLevelXid()).isEqualTo(0xfffffffeL);
        assertThat(read.xid()).isEqualTo(0xfffffffdL);
        assertThat(read.operation()).isEqualTo(0x80);
        assertThat(read.imageBytes()).isEqualTo(8050);
        assertThat(read.mainDataLength()).isEqualTo(4);
    }

    @Test
    void partsThatDoNotAddUp_areNamed() {
        partsEnd("no part header has id 33", new byte[] {33, 0, 0, 0});
        partsEnd("block 0 follows block 0", oneBlock(), oneBlock());
        partsEnd("block 0 is of no relation", blockOfSame(0, 0x80, 0).putInt(1).array());
        partsEnd(
                "block 0 is of fork 4",
                block(0, 4, 0).putInt(1).putInt(1).putInt(1).putInt(0).array());
        partsEnd(
                "its flags say otherwise",
                block(0, 0x20, 0).putInt(1).putInt(1).putInt(1).putInt(0).array());
        partsEnd(
                "its flags say otherwise",
                block(0, 0, 9).putInt(1).putInt(1).putInt(1).putInt(0).array());
        partsEnd(
                "block 0 is of no relation",
                block(0, 0, 0).putInt(0).putInt(1).putInt(1).putInt(0).array());
        partsEnd("ends within its part headers", new byte[] {0, 0, 0});
        partsEnd("ends within its part headers", new byte[] {(byte) 254, 1});
        partsEnd("its main data have 4294967295 bytes", new byte[] {(byte) 254, -1, -1, -1, -1});
        partsEnd("its parts have 7 bytes, but 2 are left", new byte[] {(byte) 255, 7, 1, 1});
        partsEnd("its parts have 1 bytes, but 2 are left", new byte[] {(byte) 255, 1, 1, 1});
        partsEnd("is compressed by 0xc", image(100, 0, 0x0c));
        partsEnd("has 8191 bytes and a hole of 0 at 0", image(8191, 0, 0));
        partsEnd("has 8192 bytes and a hole of 0 at 0", image(8192, 0, 0x04));
        partsEnd("has 100 bytes and a hole of 8092 at 0", image(100, 0, 0x01));
        partsEnd("has 100 bytes and a hole of 8092 at 101", image(100, 101, 0x01));
    }

    private static void partsEnd(String why, byte[]... parts) {
        MadeWal made = MadeWal.ofDefaults();
        Lsn at = made.parts(0, NOOP, 0, MadeWal.join(parts));
        made.record(0, NOOP, new byte[1]);

        ReadWal read = ReadWal.of(made);

        assertThat(read.records()).isEmpty();
        assertThat(read.end().why()).startsWith("record at " + at + ": ").contains(why);
        assertThat(read.end().kind()).isEqualTo(WalEnd.Kind.RECORD_PARTS);
    }

    private static byte[] oneBlock() {
        return block(0, 0, 0).putInt(1663).putInt(5).putInt(1).putInt(0).array();
    }

    private static byte[] image(int length, int holeOffset, int flags) {
        return block(0, 0x10, 0)
                .putShort((short) length)
                .putShort((short) holeOffset)
                .put((byte) flags)
                .putInt(1663)
                .putInt(5)
                .putInt(1)
                .putInt(0)
                .array();
    }

    private static ByteBuffer block(int id, int flags, int dataLength) {
        int image = (flags & 0x10) != 0 ? 5 : 0;
        return MadeWal.little(4 + image + 16).put((byte) id).put((byte) flags).putShort((short) dataLength);
    }

    private static ByteBuffer blockOfSame(int id, int flags, int dataLength) {
        return MadeWal.little(8).put((byte) id).put((byte) flags).putShort((short) dataLength);
    }
}
