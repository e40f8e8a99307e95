package io.tidemark.sinks.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PartPlanTest {

    @ParameterizedTest
    @ValueSource(ints = {5 << 20, 8 << 20, 16 << 20, 32 << 20, (5 << 20) + 1})
    void limitsOfS3_areKept(int first) {
        PartPlan plan = new PartPlan(first);

        long bytes = 0;
        for (int number = 1; number <= 10_000; number++) {
            int part = plan.bytesOf(number);
            assertThat(part).isBetween(5 << 20, 32 << 20);
            assertThat(part).isGreaterThanOrEqualTo(plan.bytesOf(Math.max(1, number - 1)));
            bytes += part;
        }
        assertThat(plan.largestObject()).isEqualTo(bytes).isLessThanOrEqualTo(5L << 40);
    }

    @Test
    void parts_doubleAfterEachThousand_upTo32MiB() {
        PartPlan plan = new PartPlan(8 << 20);

        assertThat(plan.bytesOf(1)).isEqualTo(8 << 20);
        assertThat(plan.bytesOf(1000)).isEqualTo(8 << 20);
        assertThat(plan.bytesOf(1001)).isEqualTo(16 << 20);
        assertThat(plan.bytesOf(2001)).isEqualTo(32 << 20);
        assertThat(plan.bytesOf(10_000)).isEqualTo(32 << 20);
        assertThat(plan.largestObject()).isEqualTo((8_000L + 16_000 + 8 * 32_000) << 20);
    }

    @Test
    void twoPartsOfAnySize_fitIntoTheMemory() {
        assertThat(2L * new PartPlan(32 << 20).bytesOf(10_000)).isLessThanOrEqualTo(PartMemory.BYTES);
    }

    @Test
    void partsThatS3DoesNotTake_areRefused() {
        assertThatThrownBy(() -> new PartPlan((5 << 20) - 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PartPlan((32 << 20) + 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
