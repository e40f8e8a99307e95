package io.tidemark.crypto.tde.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.crypto.Seeds;
import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalLocation;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.crypto.tde.RecordedRandom;
import io.tidemark.crypto.tde.keys.InternalKey;
import io.tidemark.crypto.tde.keys.InternalKey.Cipher;
import io.tidemark.crypto.tde.wal.WalEncryptionRange.Encryption;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** WAL under ranges that are made here: boundaries anywhere, any pieces, timelines, numbers at their limits; compared with a slow reference. */
class WalCipherTest {
    private static final WalSegmentSize MIB = WalSegmentSize.MIN;

    private final SecureRandom random = new RecordedRandom(3);

    @Test
    void apply_anyRangesAndAnyPieces_isWhatTheReferenceSays() {
        Seeds.each(60, seeded -> {
            long segmentBytes = 1L << 20 + seeded.nextInt(11);
            WalSegmentSize size = new WalSegmentSize((int) segmentBytes);
            // around the border of two segments, somewhere in all of 64 bits
            long border = (seeded.nextLong() & -segmentBytes) | segmentBytes;
            WalLocation start = at(1 + seeded.nextInt(3), border - seeded.nextInt(400));
            byte[] wal = Seeds.bytes(seeded, 1 + seeded.nextInt(800));
            List<WalEncryptionRange> ranges = ranges(seeded, start, wal.length);
            byte[] expected = ReferenceKeystream.apply(ranges, start, wal, segmentBytes);
            ByteBuffer inPieces =
                    seeded.nextBoolean() ? ByteBuffer.allocateDirect(wal.length) : ByteBuffer.allocate(wal.length);
            inPieces.put(wal).flip();
            try (WalRangeTable table = WalRangeTable.of(ranges);
                    WalCipher cipher = new WalCipher(table, size)) {
                int done = 0;
                while (done < wal.length) {
                    int piece = Math.min(wal.length - done, 1 + seeded.nextInt(200));
                    ByteBuffer part = inPieces.slice(done, piece);
                    cipher.encrypt(at(start, done), part);
                    assertThat(part.remaining()).isEqualTo(piece);
                    done += piece;
                }
                assertThat(bytes(inPieces)).isEqualTo(expected);

                cipher.decrypt(start, inPieces);
                assertThat(bytes(inPieces)).isEqualTo(wal);
            }
        });
    }

    private static List<WalEncryptionRange> ranges(Random seeded, WalLocation start, int length) {
        SecureRandom keys = new RecordedRandom(seeded.nextLong());
        List<WalEncryptionRange> ranges = new ArrayList<>();
        long lsn = start.lsn().value() - seeded.nextInt(100);
        for (int i = seeded.nextInt(5); i >= 0; i--) {
            long timeline = Math.max(1, start.timeline().number() - i);
            WalLocation at = at(timeline, lsn);
            ranges.add(
                    seeded.nextInt(3) == 0
                            ? WalEncryptionRange.plain(at)
                            : WalEncryptionRange.encrypted(
                                    at, InternalKey.random(Cipher.values()[seeded.nextInt(2)], keys)));
            lsn += 1 + seeded.nextInt(length);
        }
        return ranges;
    }

    /** The base IV of all ones overflows in every addition that there is. */
    @Test
    void apply_additionsThatOverflow_areModulo128BitsAsInPgTde() {
        byte[] ones = new byte[16];
        Arrays.fill(ones, (byte) 0xFF);
        try (InternalKey drawn = InternalKey.random(Cipher.AES_128, random)) {
            for (byte[] baseIv : List.of(ones, new byte[16])) {
                for (long timeline : new long[] {1, 0xFFFF, 0x10000, 0x10001, 0xFFFFFFFFL}) {
                    for (long lsn : new long[] {1 << 20, 0xFFFFFFF0L, 0xFFFFFFFF_FFFFF000L, 0x10000000_00000000L}) {
                        WalLocation start = at(timeline, lsn);
                        List<WalEncryptionRange> ranges =
                                List.of(WalEncryptionRange.encrypted(at(1, 1), InternalKey.of(drawn.key(), baseIv)));
                        byte[] wal = new byte[40];

                        byte[] expected = ReferenceKeystream.apply(ranges, start, wal, 1 << 20);

                        assertThat(applied(ranges, start, wal)).isEqualTo(expected);
                    }
                }
            }
        }
    }

    @Test
    void apply_splitAtEveryByte_isTheWholeAtOnce() {
        List<WalEncryptionRange> ranges = List.of(
                WalEncryptionRange.encrypted(at(1, 0x100005), InternalKey.random(Cipher.AES_128, random)),
                WalEncryptionRange.plain(at(1, 0x100031)),
                WalEncryptionRange.encrypted(at(1, 0x100043), InternalKey.random(Cipher.AES_256, random)));
        byte[] wal = Seeds.bytes(new Random(5), 150);
        WalLocation start = at(1, 0x100000);
        byte[] whole = applied(ranges, start, wal);
        try (WalRangeTable table = WalRangeTable.of(ranges);
                WalCipher cipher = new WalCipher(table, MIB)) {
            for (int split = 0; split <= wal.length; split++) {
                byte[] parts = wal.clone();
                cipher.encrypt(at(start, split), ByteBuffer.wrap(parts, split, wal.length - split));
                cipher.encrypt(start, ByteBuffer.wrap(parts, 0, split));

                assertThat(parts).as("split at %d", split).isEqualTo(whole);
            }
        }
        assertThat(Arrays.copyOf(whole, 5)).isEqualTo(Arrays.copyOf(wal, 5));
        assertThat(Arrays.copyOfRange(whole, 0x31, 0x43)).isEqualTo(Arrays.copyOfRange(wal, 0x31, 0x43));
    }

    /** Long enough for the compiler, whose own AES then does the work: other instructions than in the tests above. */
    @Test
    void apply_thousandsOfPieces_stayWhatTheReferenceSays() {
        List<WalEncryptionRange> ranges =
                List.of(WalEncryptionRange.encrypted(at(1, 0x100003), InternalKey.random(Cipher.AES_128, random)));
        WalLocation start = at(1, 0x1FD001);
        byte[] wal = Seeds.bytes(new Random(6), 16_000);
        byte[] expected = ReferenceKeystream.apply(ranges, start, wal, 1 << 20);
        try (WalRangeTable table = WalRangeTable.of(ranges);
                WalCipher cipher = new WalCipher(table, MIB)) {
            byte[] piece = wal.clone();
            for (int i = 0; i < 20_001; i++) {
                cipher.encrypt(start, ByteBuffer.wrap(piece));
                if (!Arrays.equals(piece, i % 2 == 0 ? expected : wal)) {
                    throw new AssertionError("round " + i);
                }
            }
        }
    }

    /** T67: one segment, three ranges and a part before the first; boundaries in the middle of pages and of blocks. */
    @Test
    void t67_segmentOfPlainAndSeveralKeys_changesAtTheVeryBytes() {
        List<WalEncryptionRange> ranges = List.of(
                WalEncryptionRange.encrypted(at(1, 0x300007), InternalKey.random(Cipher.AES_128, random)),
                WalEncryptionRange.plain(at(1, 0x340000 + 8191)),
                WalEncryptionRange.encrypted(at(1, 0x380000 + 24), InternalKey.random(Cipher.AES_256, random)));
        byte[] zeros = new byte[1 << 20];

        byte[] segment = applied(ranges, at(1, 0x300000), zeros);

        assertThat(firstAndLastChange(segment, 0, 0x40000 + 8191 + 100)).containsExactly(7, 0x40000 + 8190);
        assertThat(firstAndLastChange(segment, 0x40000 + 8191, zeros.length))
                .containsExactly(0x80000 + 24, zeros.length - 1);
        assertThat(applied(ranges, at(1, 0x300000), segment)).isEqualTo(zeros);
    }

    private static List<Integer> firstAndLastChange(byte[] segment, int from, int to) {
        List<Integer> changed = new ArrayList<>();
        for (int i = from; i < to; i++) {
            if (segment[i] != 0) {
                changed.add(i);
            }
        }
        return List.of(changed.get(0), changed.get(changed.size() - 1));
    }

    /** T68: a range of timeline 3 to timeline 5 holds all of timeline 4, whatever the LSN. */
    @Test
    void t68_timelineSwitch_comparesTimelinesFirst() {
        WalEncryptionRange third =
                WalEncryptionRange.encrypted(at(3, 0x500000), InternalKey.random(Cipher.AES_128, random));
        WalEncryptionRange fifth =
                WalEncryptionRange.encrypted(at(5, 0x200010), InternalKey.random(Cipher.AES_128, random));
        List<WalEncryptionRange> ranges = List.of(third, fifth);
        byte[] wal = Seeds.bytes(new Random(1), 64);
        try (WalRangeTable table = WalRangeTable.of(ranges)) {
            assertThat(table.at(at(2, 0x900000))).isEmpty();
            assertThat(table.at(at(3, 0x4FFFFF))).isEmpty();
            assertThat(table.at(at(3, 0x500000))).contains(third);
            assertThat(table.at(at(4, 1))).contains(third);
            assertThat(table.at(at(4, -1))).contains(third);
            assertThat(table.at(at(5, 0x20000F))).contains(third);
            assertThat(table.at(at(5, 0x200010))).contains(fifth);
            assertThat(table.at(at(0xFFFFFFFFL, 1))).contains(fifth);
        }
        for (WalLocation start : List.of(at(4, 0x200000), at(5, 0x200000), at(3, 0x4FFFF0), at(6, 0x10))) {
            List<WalEncryptionRange> alive = List.of(
                    WalEncryptionRange.encrypted(
                            third.start(), InternalKey.random(Cipher.AES_128, new RecordedRandom(8))),
                    WalEncryptionRange.encrypted(
                            fifth.start(), InternalKey.random(Cipher.AES_128, new RecordedRandom(9))));
            assertThat(applied(alive, start, wal))
                    .as("from %s", start)
                    .isEqualTo(ReferenceKeystream.apply(alive, start, wal, 1 << 20));
        }
    }

    /** The same segment on the timeline that forks off is other ciphertext: the server copies it through its cipher. */
    @Test
    void apply_sameBytesOnTwoTimelines_differUnderOneKey() {
        List<WalEncryptionRange> ranges =
                List.of(WalEncryptionRange.encrypted(at(1, 1), InternalKey.random(Cipher.AES_128, random)));
        byte[] wal = new byte[8192];

        assertThat(applied(ranges, at(1, 0x100000), wal)).isNotEqualTo(applied(ranges, at(2, 0x100000), wal));
        assertThat(applied(ranges, at(1, 0x100000), wal)).isNotEqualTo(applied(ranges, at(1, 0x200000), wal));
    }

    /** The finished part of a .partial is opened as it is in the whole segment. */
    @Test
    void apply_beginningOfASegment_isTheBeginningOfTheWhole() {
        List<WalEncryptionRange> ranges =
                List.of(WalEncryptionRange.encrypted(at(1, 0x100), InternalKey.random(Cipher.AES_128, random)));
        byte[] segment = Seeds.bytes(new Random(2), 1 << 20);
        byte[] whole = applied(ranges, at(1, 0x700000), segment);

        byte[] part = applied(ranges, at(1, 0x700000), Arrays.copyOf(segment, 0x8765));

        assertThat(part).isEqualTo(Arrays.copyOf(whole, 0x8765));
    }

    @Test
    void lockedTable_saysWhatIsEncryptedAndOpensNothing() {
        WalRangeTable locked = WalRangeTable.of(List.of(
                new WalEncryptionRange(at(1, 0x100000), Encryption.ENCRYPTED, null),
                WalEncryptionRange.plain(at(1, 0x200000))));

        assertThat(locked.hasEncrypted(at(1, 0x0FFFFF), 1)).isFalse();
        assertThat(locked.hasEncrypted(at(1, 0x0FFFFF), 2)).isTrue();
        assertThat(locked.hasEncrypted(at(1, 0x1FFFFF), 1)).isTrue();
        assertThat(locked.hasEncrypted(at(1, 0x200000), 1L << 40)).isFalse();
        assertThat(locked.hasEncrypted(at(2, 1), Long.MAX_VALUE)).isFalse();
        assertThatThrownBy(() -> new WalCipher(locked, MIB)).isInstanceOf(IllegalArgumentException.class);
    }

    /** T69: a standby receives a segment again from its beginning: the later entry wrote the bytes last. */
    @Test
    void t69_rangeThatStartsNoLaterThanTheOneBefore_overtakesIt() {
        WalEncryptionRange first = WalEncryptionRange.plain(at(1, 100));
        WalEncryptionRange overtaken =
                WalEncryptionRange.encrypted(at(1, 300), InternalKey.random(Cipher.AES_128, random));
        WalEncryptionRange again = WalEncryptionRange.encrypted(at(1, 200), InternalKey.random(Cipher.AES_128, random));

        try (WalRangeTable table = WalRangeTable.of(List.of(first, overtaken, again))) {
            assertThat(table.ranges()).containsExactly(first, again);
            assertThat(table.at(at(1, 300))).contains(again);
            assertThat(table.at(at(1, 199))).contains(first);
            assertThatThrownBy(() -> overtaken.key().key().duplicate()).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void close_table_wipesItsKeysAndACipherOpensNothingMore() {
        WalRangeTable table = WalRangeTable.of(
                List.of(WalEncryptionRange.encrypted(at(1, 1), InternalKey.random(Cipher.AES_128, random))));
        WalCipher cipher = new WalCipher(table, MIB);

        table.close();

        assertThatThrownBy(() -> cipher.decrypt(at(1, 1), ByteBuffer.allocate(10)))
                .isInstanceOf(IllegalStateException.class);
    }

    private static byte[] applied(List<WalEncryptionRange> ranges, WalLocation start, byte[] wal) {
        byte[] result = wal.clone();
        // not closed: the keys are the test's
        WalRangeTable table = WalRangeTable.of(ranges);
        try (WalCipher cipher = new WalCipher(table, MIB)) {
            cipher.encrypt(start, ByteBuffer.wrap(result));
        }
        return result;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static WalLocation at(WalLocation start, int further) {
        return new WalLocation(start.timeline(), start.lsn().plus(further));
    }

    private static WalLocation at(long timeline, long lsn) {
        return new WalLocation(TimelineId.of(timeline), new Lsn(lsn));
    }
}
