package io.tidemark.pipeline.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.wal.rmgr.MainData;
import io.tidemark.pipeline.wal.rmgr.RecordTime;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/**
 * Bytes that no server wrote: every reading ends in records and a {@link WalEnd}, and takes no memory that its bytes do not
 * account for. 300 damaged segments at effort 1, thirty thousand at effort 100.
 */
final class HostileWalTest {
    private static final long SEED = 20261128_02;
    private static final int ROUNDS = 300 * Integer.getInteger("tidemark.effort", 1);
    private static final int MIB = 1 << 20;

    /** A real segment and what is in it. */
    private record Sample(String name, Supplier<byte[]> content, ReadWal intact) {
        static Sample of(String name, Supplier<byte[]> content) {
            return new Sample(name, content, ReadWal.of(name, content.get()));
        }

        /** Anew each time. */
        byte[] bytes() {
            return content.get();
        }

        Lsn start() {
            return WalSegmentName.parse(name).start(new WalSegmentSize(MIB));
        }
    }

    private final List<Sample> samples = Stream.concat(
                    WalFixtures.BASIC.stream().map(name -> Sample.of(name, () -> WalFixtures.basic(name))),
                    Stream.of(Sample.of(
                            WalFixtures.CLUSTER.get(1), () -> WalFixtures.cluster(WalFixtures.CLUSTER.get(1)))))
            .toList();

    @Test
    void damagedSegments_endAtTheDamageAtTheLatest() {
        Random random = new Random(SEED);
        System.out.println("seed " + SEED + ", " + ROUNDS + " damaged segments");
        for (int round = 0; round < ROUNDS; round++) {
            Sample sample = samples.get(random.nextInt(samples.size()));
            byte[] damaged = damage(sample, random);

            ReadWal read = read(sample.name(), damaged, random);

            int first = Arrays.mismatch(sample.bytes(), damaged);
            List<WalRecord> before = sample.intact().records().stream()
                    .filter(record ->
                            first < 0 || !record.end().isAfter(sample.start().plus(first)))
                    .toList();
            // not by AssertJ's words: they would print all records of a segment
            assertThat(read.records().size())
                    .as("round %d of seed %d: %s", round, SEED, read.end())
                    .isGreaterThanOrEqualTo(before.size());
            assertThat(read.records().subList(0, before.size()).equals(before))
                    .as("round %d of seed %d: %s", round, SEED, read.end())
                    .isTrue();
        }
    }

    @Test
    void recordsWithARightCrcAndWrongContent_areReadWithoutFailing() {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS * 5; round++) {
            Sample sample = samples.get(random.nextInt(samples.size()));

            ReadWal read = ReadWal.of(sample.name(), forge(sample, random));

            assertThat(read.end().why()).as("round %d of seed %d", round, SEED).isNotEmpty();
            read.records().forEach(HostileWalTest::interpret);
        }
    }

    @Test
    void noise_isNoWal() {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] noise = new byte[random.nextInt(40_000)];
            random.nextBytes(noise);
            if (round % 2 == 0 && noise.length > 40) {
                System.arraycopy(samples.get(0).bytes(), 0, noise, 0, 40);
            }

            ReadWal read = read(samples.get(0).name(), noise, random);

            assertThat(read.records()).as("round %d of seed %d", round, SEED).isEmpty();
        }
    }

    private static ReadWal read(String name, byte[] bytes, Random random) {
        ReadWal read = random.nextInt(4) == 0
                ? ReadWal.inPieces(name, bytes, random, 1 + random.nextInt(5000))
                : ReadWal.of(name, bytes);
        read.records().forEach(HostileWalTest::interpret);
        return read;
    }

    private static void interpret(WalRecord record) {
        if (MainData.of(record).toString().isEmpty()
                || RecordTime.of(record).toString().isEmpty()) {
            throw new AssertionError("nothing said of " + record);
        }
    }

    private static byte[] damage(Sample sample, Random random) {
        byte[] segment = sample.bytes();
        // where records are, not in the zeros behind them
        List<WalRecord> records = sample.intact().records();
        WalRecord hit = records.get(random.nextInt(records.size()));
        int at = (int) hit.start().lsn().distanceFrom(sample.start());
        int within = at + random.nextInt(hit.totalLength());
        switch (random.nextInt(7)) {
            case 0 -> segment[within] ^= (byte) (1 << random.nextInt(8));
            case 1 -> little(segment).putInt(at, random.nextInt());
            case 2 -> little(segment).putInt(at, 24 + random.nextInt(1 << (4 + random.nextInt(26))));
            case 3 -> segment[random.nextInt(40)] ^= (byte) (1 << random.nextInt(8));
            case 4 -> segment[within / 8192 * 8192 + random.nextInt(24)] ^= (byte) (1 << random.nextInt(8));
            case 5 ->
                Arrays.fill(segment, within, Math.min(segment.length, within + 1 + random.nextInt(20_000)), (byte)
                        random.nextInt(256));
            default -> {
                return Arrays.copyOf(segment, within);
            }
        }
        return segment;
    }

    /** Changes some bytes of a record that lies on one page, and makes its CRC right again. */
    private static byte[] forge(Sample sample, Random random) {
        byte[] segment = sample.bytes();
        List<WalRecord> records = sample.intact().records().stream()
                .filter(record -> record.start().lsn().value() % 8192 + record.totalLength() <= 8192)
                .toList();
        WalRecord victim = records.get(random.nextInt(records.size()));
        int at = (int) (victim.start().lsn().value() % MIB);
        int length = victim.totalLength();
        for (int changes = 1 + random.nextInt(4); changes > 0 && length > 24; changes--) {
            segment[at + 24 + random.nextInt(Math.min(length - 24, 60))] = (byte) random.nextInt(256);
        }
        if (random.nextInt(3) == 0) {
            segment[at + 16] = (byte) (random.nextInt(16) << 4);
        }
        if (random.nextInt(3) == 0) {
            segment[at + 17] = new byte[] {0, 1, (byte) 140}[random.nextInt(3)];
        }
        CRC32C crc = new CRC32C();
        crc.update(segment, at + 24, length - 24);
        crc.update(segment, at, 20);
        little(segment).putInt(at + 20, (int) crc.getValue());
        return segment;
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
