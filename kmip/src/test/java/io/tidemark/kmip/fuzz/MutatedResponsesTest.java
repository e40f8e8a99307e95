package io.tidemark.kmip.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.ResponseItem;
import io.tidemark.kmip.message.ResponseMessage;
import io.tidemark.kmip.message.key.ManagedObject;
import io.tidemark.kmip.message.operation.Get;
import io.tidemark.kmip.testing.Recording;
import io.tidemark.kmip.ttlv.MalformedMessage;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import io.tidemark.kmip.ttlv.TtlvLimits;
import io.tidemark.kmip.ttlv.TtlvReader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Answers with bits flipped, lengths changed, cut, lengthened, nested and spliced: each ends in a typed error or in what the second decoder
 * reads too, without taking memory that its bytes do not account for. 2 000 of them, at effort 100 a hundred thousand.
 */
final class MutatedResponsesTest {
    private static final int ROUNDS = Math.max(2_000, 1_000 * Integer.getInteger("tidemark.effort", 1));
    private static final int SEED = 20261127;
    private static final int KEY_MATERIAL = 0x420043;
    private static final int UNIQUE_IDENTIFIER = 0x420094;

    /** Of a message, per byte: the smallest item has 8, and becomes a record, a tag and a list. */
    private static final long MOST_ALLOCATED_PER_BYTE = 64;

    private final Random random = new Random(SEED);
    private final List<Recording> answers = Recording.sample().stream()
            .filter(recording -> !recording.responseHex().isEmpty())
            .toList();

    @Test
    void aMutatedAnswer_endsInATypedErrorOrInWhatTheSecondDecoderReadsToo() {
        answers.forEach(answer -> ResponseTarget.fuzzerTestOneInput(answer.response()));
        for (int round = 0; round < ROUNDS; round++) {
            byte[] mutated = mutated(pick().response());
            try {
                ResponseTarget.fuzzerTestOneInput(mutated);
            } catch (RuntimeException | StackOverflowError finding) {
                throw new AssertionError("seed " + SEED + ", round " + round, finding);
            }
        }
    }

    @Test
    void aMutatedAnswer_takesNoMoreMemoryThanItsBytesAccountFor() {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        TtlvReader reader = new TtlvReader(TtlvLimits.STANDARD);
        for (int warmUp = 0; warmUp < 200; warmUp++) {
            readable(reader, mutated(pick().response()));
        }
        for (int round = 0; round < ROUNDS; round++) {
            byte[] mutated = mutated(pick().response());
            long before = threads.getCurrentThreadAllocatedBytes();
            readable(reader, mutated);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;

            assertThat(allocated)
                    .as("seed %d, round %d, %d bytes", SEED, round, mutated.length)
                    .isLessThan(MOST_ALLOCATED_PER_BYTE * mutated.length + (1 << 16));
        }
    }

    private static void readable(TtlvReader reader, byte[] message) {
        try {
            assertThat(reader.read(Unpooled.wrappedBuffer(message))).isNotNull();
        } catch (MalformedMessage expected) {
            return;
        }
    }

    /** A key that comes out of a mutated answer is the one that stands in it, and one that was changed has another check value. */
    @Test
    void aMutatedKey_isReadAsItStandsAndHasAnotherCheckValue() {
        List<Recording> gets = answers.stream()
                .filter(answer -> answer.name().startsWith("get-")
                        && SecondDecoder.decode(answer.response()).find(KEY_MATERIAL) != null)
                .toList();
        int read = 0;
        int changed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Recording get = gets.get(random.nextInt(gets.size()));
            SecondDecoder original = SecondDecoder.decode(get.response());
            byte[] mutated = random.nextInt(4) == 0 ? mutated(get.response()) : flippedInKey(get.response(), original);
            try (ManagedObject object = key(original, mutated)) {
                byte[] key = object.key().material().insecureCopy();
                byte[] stands = keyIn(SecondDecoder.decode(mutated));
                assertThat(Arrays.equals(key, stands))
                        .as("seed %d, round %d", SEED, round)
                        .isTrue();
                read++;
                if (!Arrays.equals(key, keyIn(original))) {
                    changed++;
                    assertThat(checkValue(key))
                            .as("seed %d, round %d", SEED, round)
                            .isNotEqualTo(checkValue(keyIn(original)));
                }
            } catch (MalformedMessage expected) {
                continue;
            }
        }
        assertThat(changed).isGreaterThan(ROUNDS / 4);
        assertThat(read).isGreaterThan(changed);
    }

    private static ManagedObject key(SecondDecoder original, byte[] mutated) {
        ByteBuf frame = Unpooled.wrappedBuffer(mutated.clone());
        List<ResponseItem> items =
                ResponseMessage.read(frame, TtlvLimits.STANDARD).items();
        if (items.isEmpty()) {
            throw new MalformedMessage("a mutation that leaves no item");
        }
        Structure payload = items.get(0).payload();
        UniqueIdentifier id =
                new UniqueIdentifier(original.find(UNIQUE_IDENTIFIER).text());
        return Get.of(id).read(payload.under(Tag.RESPONSE_PAYLOAD), ProtocolVersion.V1_4);
    }

    private static byte[] keyIn(SecondDecoder message) {
        SecondDecoder material = message.find(KEY_MATERIAL);
        return material.type() == 1 ? material.children().get(0).value() : material.value();
    }

    private byte[] flippedInKey(byte[] message, SecondDecoder original) {
        byte[] key = keyIn(original);
        int at = indexOf(message, key) + random.nextInt(key.length);
        byte[] flipped = message.clone();
        flipped[at] ^= (byte) (1 << random.nextInt(8));
        return flipped;
    }

    private static int indexOf(byte[] message, byte[] part) {
        for (int i = 0; i <= message.length - part.length; i++) {
            if (Arrays.equals(message, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new IllegalStateException("a part of the message is not in it");
    }

    private static byte[] checkValue(byte[] key) {
        try {
            return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(key), 8);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Recording pick() {
        return answers.get(random.nextInt(answers.size()));
    }

    private byte[] mutated(byte[] message) {
        byte[] result = message;
        for (int i = random.nextInt(3); i >= 0; i--) {
            result = mutatedOnce(result);
        }
        return result;
    }

    private byte[] mutatedOnce(byte[] message) {
        if (message.length < 16) {
            return Arrays.copyOf(message, 16);
        }
        return switch (random.nextInt(8)) {
            case 0 -> bitFlipped(message);
            case 1 -> byteSet(message);
            case 2 -> lengthSet(message);
            case 3 -> Arrays.copyOf(message, random.nextInt(message.length));
            case 4 -> Arrays.copyOf(message, message.length + 8 * random.nextInt(4) + random.nextInt(2));
            case 5 -> nested(message);
            case 6 -> spliced(message, pick().response());
            default -> doubled(message);
        };
    }

    private byte[] bitFlipped(byte[] message) {
        byte[] result = message.clone();
        result[random.nextInt(result.length)] ^= (byte) (1 << random.nextInt(8));
        return result;
    }

    private byte[] byteSet(byte[] message) {
        byte[] result = message.clone();
        result[random.nextInt(result.length)] = (byte) random.nextInt(12);
        return result;
    }

    /** At an offset where lengths stand, since everything is a multiple of 8. */
    private byte[] lengthSet(byte[] message) {
        byte[] result = message.clone();
        int[] lengths = {
            0, 1, 4, 7, 8, 16, 0x7FFF_FFF8, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFF8, 0xFFFF_FFFF, message.length
        };
        ByteBuffer.wrap(result)
                .putInt(8 * random.nextInt(result.length / 8) + 4, lengths[random.nextInt(lengths.length)]);
        return result;
    }

    /** Within structures of its own, so many that some are too many. */
    private byte[] nested(byte[] message) {
        int levels = random.nextInt(60);
        ByteBuffer result = ByteBuffer.allocate(message.length + 8 * levels);
        for (int i = levels; i > 0; i--) {
            result.putInt(message[0] << 24 | message[1] << 16 | message[2] << 8 | 1)
                    .putInt(message.length + 8 * (i - 1));
        }
        return result.put(message).array();
    }

    private byte[] spliced(byte[] one, byte[] other) {
        int cut = 8 * random.nextInt(one.length / 8);
        int from = 8 * random.nextInt(other.length / 8);
        byte[] result = Arrays.copyOf(one, cut + other.length - from);
        System.arraycopy(other, from, result, cut, other.length - from);
        ByteBuffer.wrap(result).putInt(4, Math.max(0, result.length - 8));
        return result;
    }

    /** One stretch of items twice, the outermost length made to fit. */
    private byte[] doubled(byte[] message) {
        int from = 8 * random.nextInt(message.length / 8);
        int length = Math.min(8 * (1 + random.nextInt(6)), message.length - from);
        byte[] result = Arrays.copyOf(message, message.length + length);
        System.arraycopy(message, from, result, from + length, message.length - from);
        ByteBuffer.wrap(result).putInt(4, result.length - 8);
        return result;
    }
}
