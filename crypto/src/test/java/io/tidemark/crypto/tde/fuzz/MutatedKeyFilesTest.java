package io.tidemark.crypto.tde.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.crypto.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Servers' files with bytes changed, cut, lengthened, doubled and spliced: each ends as the fuzzer's target wants it. */
class MutatedKeyFilesTest {
    private static final List<byte[]> FILES = io.tidemark.crypto.tde.fuzz.Seeds.files();

    @Test
    void mutatedFiles_endInATypedErrorOrInTheSameBytes() {
        assertThat(FILES).hasSize(17).allSatisfy(KeyFileTarget::fuzzerTestOneInput);
        Seeds.each(3000, random -> KeyFileTarget.fuzzerTestOneInput(mutated(random)));
    }

    private static byte[] mutated(Random random) {
        byte[] file = FILES.get(random.nextInt(FILES.size())).clone();
        int at = random.nextInt(file.length);
        return switch (random.nextInt(5)) {
            case 0 -> Arrays.copyOf(file, at);
            case 1 -> Arrays.copyOf(file, file.length + 1 + random.nextInt(400));
            case 2 -> spliced(file, FILES.get(random.nextInt(FILES.size())), at);
            case 3 -> {
                Arrays.fill(file, at, Math.min(file.length, at + 1 + random.nextInt(64)), (byte) random.nextInt());
                yield file;
            }
            default -> {
                for (int i = random.nextInt(4); i >= 0; i--) {
                    file[random.nextInt(file.length)] = (byte) random.nextInt();
                }
                yield file;
            }
        };
    }

    private static byte[] spliced(byte[] one, byte[] other, int at) {
        int from = Math.min(at, other.length);
        byte[] result = Arrays.copyOf(one, at + other.length - from);
        System.arraycopy(other, from, result, at, other.length - from);
        return result;
    }
}
