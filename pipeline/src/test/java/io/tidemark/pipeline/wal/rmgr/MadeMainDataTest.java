package io.tidemark.pipeline.wal.rmgr;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.RelFileLocator;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.pipeline.wal.MadeWal;
import io.tidemark.pipeline.wal.ReadWal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Records that the real segments do not have, and what differs from version to version. */
final class MadeMainDataTest {
    private static final int XLOG = 0;
    private static final int XACT = 1;
    private static final int TDE = 140;
    private static final Instant TIME = Instant.parse("2026-11-28T01:02:03.456789Z");
    private static final long MICROSECONDS = (TIME.getEpochSecond() - 946_684_800) * 1_000_000 + TIME.getNano() / 1000;

    @Test
    void checkpoint_tellsTheWalLevelFromVersion17On() {
        for (int major = 15; major <= 18; major++) {
            byte[] checkpoint = fields(88)
                    .putLong(0x12_00000028L)
                    .putInt(2)
                    .putInt(1)
                    .put((byte) 1)
                    .put(new byte[3])
                    .putInt(2)
                    .putLong(5L << 32 | 77)
                    .putInt(-5)
                    .putInt(11)
                    .putInt(12)
                    .putInt(730)
                    .putInt(1)
                    .putInt(13)
                    .putInt(5)
                    .putInt(0)
                    .putLong(TIME.getEpochSecond())
                    .putInt(21)
                    .putInt(22)
                    .putInt(23)
                    .putInt(0)
                    .array();

            assertThat(read(major, XLOG, 0x10, checkpoint))
                    .isEqualTo(new XlogData.Checkpoint(
                            XlogData.CheckpointKind.ONLINE,
                            Lsn.parse("12/28"),
                            new TimelineId(2),
                            TimelineId.FIRST,
                            XlogData.Setting.ON,
                            major < 17 ? null : XlogData.WalLevel.LOGICAL,
                            5L << 32 | 77,
                            0xfffffffbL,
                            new XlogData.Multixacts(11, 12, 13, 5),
                            new XlogData.OldestTransaction(730, 1),
                            Instant.ofEpochSecond(TIME.getEpochSecond()),
                            new XlogData.CommitTimestamps(21, 22),
                            23));
        }
    }

    @Test
    void checkpointRedo_isOfVersion17AndLater() {
        byte[] replica = fields(4).putInt(1).array();

        assertThat(read(17, XLOG, 0xe0, replica)).isEqualTo(new XlogData.CheckpointRedo(XlogData.WalLevel.REPLICA));
        assertThat(read(18, XLOG, 0xe0, replica)).isEqualTo(new XlogData.CheckpointRedo(XlogData.WalLevel.REPLICA));
        assertThat(((NotRead) read(16, XLOG, 0xe0, replica)).reason()).isEqualTo(NotRead.Reason.UNKNOWN_OPERATION);
    }

    @Test
    void endOfRecovery_tellsTheWalLevelFromVersion17On() {
        byte[] short_ = fields(16).putLong(MICROSECONDS).putInt(3).putInt(2).array();
        byte[] long_ = fields(24).put(short_).putInt(0).putInt(0).array();

        assertThat(read(16, XLOG, 0x90, short_))
                .isEqualTo(new XlogData.EndOfRecovery(TIME, new TimelineId(3), new TimelineId(2), null));
        assertThat(read(17, XLOG, 0x90, long_))
                .isEqualTo(new XlogData.EndOfRecovery(
                        TIME, new TimelineId(3), new TimelineId(2), XlogData.WalLevel.MINIMAL));
        assertThat(malformed(17, XLOG, 0x90, short_)).isEqualTo("wal_level is cut off");
        assertThat(malformed(16, XLOG, 0x90, long_)).isEqualTo("8 bytes more than expected");
    }

    @Test
    void otherRecordsOfTheLog_sayWhatTheyHold() {
        assertThat(read(
                        15,
                        XLOG,
                        0x70,
                        fields(72)
                                .putLong(MICROSECONDS)
                                .put(ascii("before the flood"))
                                .array()))
                .isEqualTo(new XlogData.RestorePoint(TIME, "before the flood"));
        assertThat(read(
                        15,
                        XLOG,
                        0xd0,
                        fields(16).putLong(0x1_00FFE000L).putLong(MICROSECONDS).array()))
                .isEqualTo(new XlogData.OverwriteContrecord(Lsn.parse("1/FFE000"), TIME));
        assertThat(read(15, XLOG, 0x80, new byte[] {0})).isEqualTo(new XlogData.FullPageWrites(XlogData.Setting.OFF));
        assertThat(read(15, XLOG, 0x20, new byte[9000])).isEqualTo(new XlogData.Noop());
        assertThat(read(18, XLOG, 0xb0, new byte[0])).isEqualTo(new XlogData.FullPageImages(XlogData.Cause.OTHER));
        byte[] parameters = fields(28)
                .putInt(100)
                .putInt(8)
                .putInt(10)
                .putInt(2)
                .putInt(64)
                .putInt(1)
                .put((byte) 1)
                .put((byte) 0)
                .array();
        assertThat(read(18, XLOG, 0x60, parameters))
                .isEqualTo(new XlogData.ParameterChange(
                        100, 8, 10, 2, 64, XlogData.WalLevel.REPLICA, XlogData.Setting.ON, XlogData.Setting.OFF));
    }

    @Test
    void commitWithEverything_isReadInEachVersion() {
        for (int major : new int[] {15, 18}) {
            int statistics = major < 18 ? 12 : 16;
            byte[] commit = fields(8 + 4 + 8 + 12 + 28 + 4 + statistics + 20 + 4 + 4 + 16)
                    .putLong(MICROSECONDS)
                    .putInt(0x1 | 0x2 | 0x4 | 0x8 | 0x10 | 0x20 | 0x80 | 0x100 | 0x40 | 1 << 31)
                    .putInt(5)
                    .putInt(1663)
                    .putInt(2)
                    .putInt(801)
                    .putInt(802)
                    .putInt(2)
                    .putInt(1663)
                    .putInt(5)
                    .putInt(16432)
                    .putInt(1664)
                    .putInt(0)
                    .putInt(1262)
                    .putInt(1)
                    .put(new byte[statistics])
                    .putInt(1)
                    .put(new byte[16])
                    .putInt(-7)
                    .put(ascii("gid"))
                    .put((byte) 0)
                    .putLong(0x2_00000010L)
                    .putLong(MICROSECONDS - 1_000_000)
                    .array();

            assertThat(read(major, XACT, 0xb0, commit))
                    .isEqualTo(new XactData.Commit(new XactData.Completion(
                            TIME,
                            2,
                            List.of(new RelFileLocator(1663, 5, 16432), new RelFileLocator(1664, 0, 1262)),
                            1,
                            1,
                            new XactData.Prepared(0xfffffff9L, "gid"),
                            new XactData.Origin(Lsn.parse("2/10"), TIME.minusSeconds(1)))));
        }
    }

    @Test
    void everyCutOfACommit_isMalformedAndNeverMore() {
        byte[] commit = fields(8 + 4 + 12 + 28)
                .putLong(MICROSECONDS)
                .putInt(0x2 | 0x4)
                .putInt(2)
                .putLong(0)
                .putInt(2)
                .putInt(1663)
                .putInt(5)
                .putInt(16432)
                .putInt(1663)
                .putInt(5)
                .putInt(16433)
                .array();

        assertThat(read(17, XACT, 0xa0, commit)).isInstanceOf(XactData.Abort.class);
        for (int length = 0; length < commit.length; length++) {
            assertThat(malformed(17, XACT, 0xa0, Arrays.copyOf(commit, length))).isNotEmpty();
        }
    }

    @Test
    void countsThatTheBytesDoNotHave_areNotBelieved() {
        byte[] relations =
                fields(16).putLong(0).putInt(0x4).putInt(Integer.MAX_VALUE).array();
        byte[] negative = fields(16).putLong(0).putInt(0x2).putInt(-1).array();

        assertThat(malformed(17, XACT, 0x80, relations)).isEqualTo("2147483647 dropped relations in 0 bytes");
        assertThat(malformed(17, XACT, 0x80, negative)).isEqualTo("4294967295 subtransactions in 0 bytes");
        assertThat(malformed(17, XACT, 0x50, fields(8).putInt(1).putInt(1).array()))
                .isEqualTo("1 subtransactions in 0 bytes");
    }

    @Test
    void preparedTransaction_isNamedByItsGlobalIdentifier() {
        byte[] prepare = prepare(0x57F94534, 9, "transfer\0").array();

        assertThat(read(16, XACT, 0x10, prepare))
                .isEqualTo(new XactData.Prepare(801, "transfer", TIME, 5, 1, 0, 1, null));
        assertThat(malformed(16, XACT, 0x10, prepare(1, 9, "transfer\0").array()))
                .contains("magic 0x1");
        assertThat(malformed(16, XACT, 0x10, prepare(0x57F94534, 8, "transfer").array()))
                .contains("does not end within 8 bytes");
        assertThat(malformed(
                        16, XACT, 0x10, prepare(0x57F94534, 201, "transfer\0").array()))
                .contains("of 201 bytes");
        assertThat(malformed(16, XACT, 0x10, Arrays.copyOf(prepare, 72 + 9 + 15)))
                .contains("is cut off");
    }

    @Test
    void recordsOfPgTde_sayWhatTheyHoldAndNoSignature() {
        byte[] added = fields(312)
                .putInt(5)
                .putInt(-2)
                .putLong(TIME.getEpochSecond())
                .putLong(456_789)
                .put(ascii("key-1"))
                .position(280)
                .put(ascii("signature-signature-signature-si"))
                .array();

        MainData read = read(17, TDE, 0x10, added);

        assertThat(read)
                .isEqualTo(new TdeData.AddPrincipalKey(new TdeData.PrincipalKeyName(5, -2, "key-1"), TIME))
                .asString()
                .doesNotContain("signature");
        assertThat(read(
                        17,
                        TDE,
                        0x20,
                        fields(264).putInt(1664).putInt(3).put(ascii("key-2")).array()))
                .isEqualTo(new TdeData.RotatePrincipalKey(new TdeData.PrincipalKeyName(1664, 3, "key-2")));
        assertThat(read(17, TDE, 0x40, fields(4).putInt(7).array())).isEqualTo(new TdeData.InstallExtension(7));
        assertThat(read(17, TDE, 0x60, fields(4).putInt(7).array())).isEqualTo(new TdeData.DeletePrincipalKey(7));
        assertThat(((NotRead) read(17, TDE, 0x70, new byte[4])).reason()).isEqualTo(NotRead.Reason.UNKNOWN_OPERATION);
        assertThat(malformed(17, TDE, 0x20, new byte[263])).isEqualTo("name of the key is cut off");
        assertThat(malformed(17, TDE, 0x00, new byte[12])).isEqualTo("relation is 0/0/0");
    }

    @Test
    void keyProvider_isReadWithItsOptionsButPrintedWithoutThem() {
        byte[] written = fields(1176)
                .putInt(1664)
                .putInt(0x55555555)
                .putLong(1160)
                .putInt(-2)
                .put(ascii("vault"))
                .position(148)
                .put(ascii("{\"tokenPath\":\"/etc/hidden\"}"))
                .position(1172)
                .putInt(2)
                .array();

        TdeData.WriteKeyProvider read = (TdeData.WriteKeyProvider) read(17, TDE, 0x30, written);

        assertThat(read.provider()).isEqualTo(new TdeData.Provider(-2, "vault", "{\"tokenPath\":\"/etc/hidden\"}", 2));
        assertThat(read)
                .hasToString("WriteKeyProvider[database=1664, offset=1160, "
                        + "provider=Provider[id=-2, name=vault, type=2]]");
    }

    @Test
    void timesThatNoClockHas_areNeverThrownAt() {
        for (long hostile : new long[] {Long.MIN_VALUE, Long.MAX_VALUE, -1}) {
            assertThat(read(17, XACT, 0x00, fields(8).putLong(hostile).array())).isInstanceOf(XactData.Commit.class);
            assertThat(read(
                            17,
                            TDE,
                            0x10,
                            fields(312).putLong(0).putLong(hostile).array()))
                    .isInstanceOf(hostile == -1 ? TdeData.AddPrincipalKey.class : NotRead.class);
        }
        assertThat(malformed(
                        17,
                        TDE,
                        0x10,
                        fields(312).putLong(0).putLong(0).putLong(1_000_000).array()))
                .isEqualTo("a second of 1000000 microseconds");
    }

    private static ByteBuffer prepare(int magic, int identifierBytes, String identifier) {
        return fields(72 + identifier.length() + 16)
                .putInt(magic)
                .putInt(0)
                .putInt(801)
                .putInt(5)
                .putLong(MICROSECONDS)
                .putInt(10)
                .putInt(1)
                .putInt(0)
                .putInt(1)
                .putInt(0)
                .putInt(0)
                .putInt(0)
                .putShort((short) 0)
                .putShort((short) identifierBytes)
                .putLong(0)
                .putLong(0)
                .put(ascii(identifier));
    }

    private static String malformed(int major, int resourceManager, int info, byte[] mainData) {
        NotRead found = (NotRead) read(major, resourceManager, info, mainData);
        assertThat(found.reason()).isEqualTo(NotRead.Reason.MALFORMED);
        return found.detail();
    }

    private static MainData read(int major, int resourceManager, int info, byte[] mainData) {
        MadeWal made = MadeWal.of(1 << 20, 8192, major);
        made.record(resourceManager, info, mainData);
        return MainData.of(ReadWal.of(made).records().get(0));
    }

    private static ByteBuffer fields(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
