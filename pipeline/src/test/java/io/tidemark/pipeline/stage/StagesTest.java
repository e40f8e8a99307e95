package io.tidemark.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.netty.buffer.ByteBuf;
import io.tidemark.crypto.keyset.SealingKeyset;
import io.tidemark.crypto.seal.SealContext;
import io.tidemark.crypto.seal.SealGeometry;
import io.tidemark.crypto.seal.Sealer;
import io.tidemark.crypto.seal.SealingKey;
import io.tidemark.pipeline.config.ForeignObject;
import io.tidemark.pipeline.config.IntegrityFailed;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** The boxes in both directions: round trips at every border and cut, all tampering, cancel, demand. */
final class StagesTest {
    private static final SealContext CONTEXT = new SealContext("3f0c9a52-7b1e-4c55-9d0e-2b6f0a1c8e77", "test/object");
    private static final String JSON = "{\"kind\":\"test\"}";
    private static final long SEED = 20261127;

    private final Scheduler cpu = Schedulers.newParallel("cpu", 2);
    private final SealingKeyset keyset = SealingKeyset.create();
    private final SealingKey key = keyset.primary();

    @AfterEach
    void dispose() {
        // not dispose(): what a cancelled test still has to release runs on it
        cpu.disposeGracefully().block(Duration.ofSeconds(10));
        keyset.close();
    }

    @Test
    void roundTrip_ofEverySizeAtABorder_givesTheSameBytes() {
        int first = SealGeometry.FIRST_PLAINTEXT;
        int next = SealGeometry.PLAINTEXT;
        for (int size : new int[] {0, 1, 8191, first - 1, first, first + 1, first + next, first + next + 1, 200_000}) {
            byte[] plain = Bytes.random(size, SEED + size);

            byte[] sealed = join(Bytes.cut(plain, 7_919).transform(seal()::apply));

            assertThat(sealed).as("size " + size).hasSize((int) SealGeometry.sealedLength(size));
            assertThat(join(Bytes.cut(sealed, 10_007).transform(unseal(key)::apply)))
                    .isEqualTo(plain);
        }
    }

    @Test
    void roundTrip_ofCompressedFiles_givesFileAndFacts() {
        for (int size :
                new int[] {0, 1, 100, Compress.FRAME_BYTES - 1, Compress.FRAME_BYTES, 3 * Compress.FRAME_BYTES + 5}) {
            byte[] plain = Bytes.random(size, SEED + size);

            byte[] content = content(plain);

            Expand expand = new Expand("it", size, cpu);
            assertThat(join(Bytes.cut(content, 5_003).transform(expand::apply))).isEqualTo(plain);
            assertThat(expand.facts().block()).isEqualTo(JSON);
        }
    }

    @Test
    void roundTrip_atRandomCuts_isTheSame() {
        byte[] plain = Bytes.random(2_500_000, SEED);
        for (int round = 0; round < 10; round++) {
            long seed = SEED + round;
            byte[] sealed = join(Bytes.cutAtRandom(plain, seed)
                    .transform(new Compress(1, cpu)::apply)
                    .concatWith(Mono.fromSupplier(() -> FactsFrame.write(JSON)))
                    .transform(seal()::apply));

            byte[] back = join(Bytes.cutAtRandom(sealed, seed)
                    .transform(unseal(key)::apply)
                    .transform(new Expand("it", plain.length, cpu)::apply));

            assertThat(back).as("seed " + seed).isEqualTo(plain);
        }
    }

    @Test
    void content_cutAtEveryByte_expandsTheSame() {
        byte[] plain = Bytes.random(3_000, SEED);
        byte[] content = content(plain);
        for (int at = 0; at <= content.length; at++) {
            byte[] head = Arrays.copyOf(content, at);
            byte[] tail = Arrays.copyOfRange(content, at, content.length);

            byte[] expanded = join(Flux.concat(Bytes.cut(head, Integer.MAX_VALUE), Bytes.cut(tail, Integer.MAX_VALUE))
                    .transform(new Expand("it", plain.length, cpu)::apply));

            assertThat(expanded).as("cut at " + at).isEqualTo(plain);
        }
    }

    @Test
    void content_isWhatTheZstdFormatSays_withItsSizeInFront() {
        byte[] plain = Bytes.random(Compress.FRAME_BYTES + 10, SEED);
        byte[] packed = join(Bytes.cut(plain, 65_536).transform(new Compress(3, cpu)::apply));

        assertThat(Zstd.getFrameContentSize(packed)).isEqualTo(Compress.FRAME_BYTES);
        assertThat(packed[4] & 4).as("checksum flag").isEqualTo(4);
    }

    @Test
    void unseal_ofAnyFlippedBit_givesNoByteOfThatSegment() {
        byte[] plain = Bytes.random(100, SEED);
        byte[] sealed = join(Bytes.cut(plain, 64).transform(seal()::apply));
        for (int at = 0; at < sealed.length; at++) {
            byte[] flipped = sealed.clone();
            flipped[at] ^= (byte) (1 << at % 8);

            StepVerifier.create(Bytes.cut(flipped, 61).transform(unseal(key)::apply))
                    .expectError(ForeignObject.class)
                    .verify();
        }
    }

    @Test
    void unseal_ofAnyCut_isRefused() {
        byte[] plain = Bytes.random(300, SEED);
        byte[] sealed = join(Bytes.cut(plain, 64).transform(seal()::apply));
        for (int length = 0; length < sealed.length; length++) {
            StepVerifier.create(Bytes.cut(Arrays.copyOf(sealed, length), 61).transform(unseal(key)::apply))
                    .expectError(ForeignObject.class)
                    .verify();
        }
    }

    @Test
    void unseal_ofSegmentsCutSwappedRepeatedOrAppended_isRefusedThere() {
        byte[] plain = Bytes.random(4 * SealGeometry.PLAINTEXT, SEED);
        byte[] sealed = join(Bytes.cut(plain, 65_536).transform(seal()::apply));
        int s = SealGeometry.SEGMENT_BYTES;
        byte[] lastDropped = Arrays.copyOf(sealed, 4 * s);
        byte[] swapped = sealed.clone();
        System.arraycopy(sealed, s, swapped, 2 * s, s);
        System.arraycopy(sealed, 2 * s, swapped, s, s);
        byte[] repeated = sealed.clone();
        System.arraycopy(sealed, s, repeated, 2 * s, s);
        byte[] appended = Arrays.copyOf(sealed, sealed.length + 1);

        for (byte[] tampered : List.of(lastDropped, swapped, repeated, appended)) {
            AtomicLong out = new AtomicLong();
            StepVerifier.create(Bytes.cut(tampered, 30_011)
                            .transform(unseal(key)::apply)
                            .doOnNext(buffer -> {
                                byte[] part = new byte[buffer.readableBytes()];
                                buffer.getBytes(buffer.readerIndex(), part);
                                int at = (int) out.getAndAdd(part.length);
                                assertThat(part).isEqualTo(Arrays.copyOfRange(plain, at, at + part.length));
                                buffer.release();
                            })
                            .then())
                    .expectError(IntegrityFailed.class)
                    .verify();
        }
    }

    @Test
    void unseal_underAnotherNameClusterOrKey_isForeign() {
        byte[] sealed = join(Bytes.cut(new byte[10], 10).transform(seal()::apply));
        UnsealStage renamed = new UnsealStage(List.of(key), new SealContext(CONTEXT.cluster(), "test/other"), cpu);
        try (SealingKeyset other = SealingKeyset.create()) {
            for (UnsealStage stage :
                    List.of(renamed, unseal(other.primary()), new UnsealStage(List.of(), CONTEXT, cpu))) {
                StepVerifier.create(Bytes.cut(sealed, 50).transform(stage::apply))
                        .expectError(ForeignObject.class)
                        .verify();
            }
        }
    }

    @Test
    void unseal_triesEachKeyOfTheKeyset() {
        byte[] sealed = join(Bytes.cut(new byte[10], 10).transform(seal()::apply));
        try (SealingKeyset rotated = keyset.withNewPrimary()) {
            assertThat(join(Bytes.cut(sealed, 50)
                            .transform(new UnsealStage(rotated.newestFirst(), CONTEXT, cpu)::apply)))
                    .isEqualTo(new byte[10]);
        }
    }

    @Test
    void expand_ofAnythingButFramesFactsAndFooter_isRefused() {
        byte[] content = content(Bytes.random(500, SEED));
        byte[] trailing = Arrays.copyOf(content, content.length + 1);
        byte[] twice = concat(content, content);
        byte[] noFacts = join(Bytes.cut(new byte[9], 9).transform(new Compress(3, cpu)::apply));
        byte[] factsTwice = concat(facts(JSON), content);
        byte[] frameBehind = concat(content, noFacts);
        byte[] otherSkippable = concat(skippable(0x184D2A50, new byte[4]), content);
        byte[] wrongFooter = content.clone();
        wrongFooter[content.length - 4] ^= 1;
        byte[] wrongMark = content.clone();
        wrongMark[content.length - 8] ^= 1;
        byte[] hugeFacts = concat(noFacts, header(0x184D2A54, (1 << 20) + 1));
        byte[] negativeFacts = concat(noFacts, header(0x184D2A54, -1));
        byte[] noUtf8 = concat(noFacts, factsOf(new byte[] {(byte) 0xff}));

        for (byte[] hostile : List.of(
                trailing,
                twice,
                noFacts,
                factsTwice,
                frameBehind,
                otherSkippable,
                wrongFooter,
                wrongMark,
                hugeFacts,
                negativeFacts,
                noUtf8,
                new byte[0],
                new byte[100])) {
            refused(hostile, Long.MAX_VALUE);
        }
        for (int length = 0; length < content.length; length++) {
            refused(Arrays.copyOf(content, length), Long.MAX_VALUE);
        }
    }

    @Test
    void expand_ofMoreThanTheLimit_isRefusedBeforeTheFrameIsRead() {
        byte[] bomb = concat(Zstd.compress(new byte[8 << 20], 19), facts(JSON));
        byte[] plain = content(new byte[1001]);

        refused(bomb, 1 << 20);
        refused(plain, 1000);
    }

    @Test
    void expand_ofFramesWithoutSizeChecksumOrWithHugeWindows_isRefused() {
        byte[] noChecksum = concat(Zstd.compress(new byte[10_000], 3), facts(JSON));
        byte[] window = concat(
                new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, (byte) 0xC4, (byte) 0xA0, 0, 0, 0, 0, 1, 0, 0, 0});
        byte[] dictionary = concat(new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0x25, 1, 1, 0, 0, 0, 0, 0});

        refused(noChecksum, Long.MAX_VALUE);
        refused(window, Long.MAX_VALUE);
        refused(dictionary, Long.MAX_VALUE);
    }

    @Test
    void expand_ofRandomDamage_isRefusedOrTheFile() {
        byte[] plain = Bytes.random(20_000, SEED);
        byte[] content = content(plain);
        Random random = new Random(SEED);
        for (int round = 0; round < 300; round++) {
            byte[] hostile = content.clone();
            hostile[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                byte[] expanded = join(Bytes.cut(hostile, 4_096).transform(new Expand("it", plain.length, cpu)::apply));
                assertThat(expanded).isEqualTo(plain); // a bit of the facts
            } catch (IntegrityFailed refused) {
                assertThat(refused.getMessage()).contains("it");
            }
        }
    }

    @Test
    void everyStage_isCancelledMidway_andReleasesEverything() {
        byte[] plain = Bytes.random(3_000_000, SEED);
        byte[] content = content(plain);
        byte[] sealed = join(Bytes.cut(plain, 65_536).transform(seal()::apply));
        for (Flux<ByteBuf> flux : List.of(
                Bytes.cut(plain, 65_536).transform(new Compress(1, cpu)::apply),
                Bytes.cut(plain, 65_536).transform(seal()::apply),
                Bytes.cut(sealed, 65_536).transform(unseal(key)::apply),
                Bytes.cut(content, 65_536).transform(new Expand("it", plain.length, cpu)::apply),
                Bytes.cut(plain, 65_536).transform(new DigestStage()::apply))) {
            StepVerifier.create(flux, 2)
                    .consumeNextWith(ByteBuf::release)
                    .consumeNextWith(ByteBuf::release)
                    .thenCancel()
                    .verify();
        }
    }

    @Test
    void everyStage_withoutDemand_takesFewBuffersOnly() {
        byte[] plain = Bytes.random(3_000_000, SEED);
        byte[] sealed = join(Bytes.cut(plain, 65_536).transform(seal()::apply));
        AtomicLong taken = new AtomicLong();
        for (Flux<ByteBuf> flux : List.of(
                Bytes.cut(plain, 65_536).doOnNext(b -> taken.incrementAndGet()).transform(seal()::apply),
                Bytes.cut(sealed, 65_536).doOnNext(b -> taken.incrementAndGet()).transform(unseal(key)::apply))) {
            taken.set(0);
            StepVerifier.create(flux, 3)
                    .consumeNextWith(ByteBuf::release)
                    .consumeNextWith(ByteBuf::release)
                    .consumeNextWith(ByteBuf::release)
                    .then(() -> assertThat(taken.get()).isLessThanOrEqualTo(3 + 2 + MachineFlux.PREFETCH))
                    .thenCancel()
                    .verify();
        }
    }

    @Test
    void errorOfTheSource_passesThroughEveryStage_andReleasesEverything() {
        byte[] plain = Bytes.random(200_000, SEED);
        IllegalStateException broken = new IllegalStateException("broken");
        for (Flux<ByteBuf> flux : List.of(
                Bytes.cut(plain, 65_536).concatWith(Mono.error(broken)).transform(new Compress(1, cpu)::apply),
                Bytes.cut(plain, 65_536).concatWith(Mono.error(broken)).transform(seal()::apply),
                Bytes.cut(plain, 65_536).concatWith(Mono.error(broken)).transform(new DigestStage()::apply))) {
            StepVerifier.create(flux.doOnNext(ByteBuf::release).then())
                    .expectErrorMatches(error -> error == broken)
                    .verify();
        }
    }

    @Test
    void digest_isKnownWhenTheFluxEnds_andNotBefore() {
        DigestStage digest = new DigestStage();

        join(Bytes.cut("abc".getBytes(StandardCharsets.US_ASCII), 2).transform(digest::apply));

        assertThat(digest.digest().block())
                .isEqualTo(new ContentDigest("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 3));
        DigestStage cancelled = new DigestStage();
        StepVerifier.create(Bytes.cut(new byte[10], 5).transform(cancelled::apply))
                .consumeNextWith(ByteBuf::release)
                .thenCancel()
                .verify();
        StepVerifier.create(cancelled.digest()).verifyComplete();
    }

    private byte[] content(byte[] plain) {
        return concat(join(Bytes.cut(plain, 65_536).transform(new Compress(3, cpu)::apply)), facts(JSON));
    }

    private static byte[] facts(String json) {
        return factsOf(json.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] factsOf(byte[] json) {
        return concat(
                skippable(0x184D2A54, json),
                header(0x184D2A55, 8),
                "TDMK".getBytes(StandardCharsets.US_ASCII),
                ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(json.length)
                        .array());
    }

    private static byte[] skippable(int magic, byte[] payload) {
        return concat(header(magic, payload.length), payload);
    }

    private static byte[] header(int magic, int length) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(magic)
                .putInt(length)
                .array();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private void refused(byte[] content, long limit) {
        StepVerifier.create(Bytes.cut(content, 4_096)
                        .transform(new Expand("it", limit, cpu)::apply)
                        .doOnNext(ByteBuf::release)
                        .then())
                .expectError(IntegrityFailed.class)
                .verify();
    }

    private static byte[] join(Flux<ByteBuf> flux) {
        byte[] all = Bytes.joined(flux).block();
        assertThat(all).isNotNull();
        return all;
    }

    private SealStage seal() {
        return new SealStage(new Sealer(key, CONTEXT), cpu);
    }

    private UnsealStage unseal(SealingKey with) {
        return new UnsealStage(List.of(with), CONTEXT, cpu);
    }
}
