package io.tidemark.pipeline.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GenerationSearchTest {
    @Test
    void next_allIsWell_isOneAttempt() {
        assertThat(tried(new int[] {1, 2, 3}, 0, Set.of(1, 2, 3))).containsExactly(3);
        assertThat(tried(new int[] {1, 2, 3}, 3, Set.of(1, 2, 3))).containsExactly(3);
    }

    @Test
    void next_nothingThere_isNoAttempt() {
        assertThat(tried(new int[0], 0, Set.of())).isEmpty();
        assertThat(tried(new int[0], 7, Set.of())).isEmpty();
    }

    @Test
    void next_forgedOnesAboveTheValid_areTriedFirstAndOnlyWithinReach() {
        assertThat(tried(new int[] {1, 2, 900, 1002, 5000}, 0, Set.of(1, 2))).containsExactly(900, 2, 1002);
    }

    @Test
    void next_validOneFarAbove_countsWhenOthersLeadToIt() {
        assertThat(tried(new int[] {1, 1001, 2001, 3002}, 0, Set.of(1, 1001, 2001)))
                .containsExactly(1001, 2001);
    }

    @Test
    void next_rememberedGenerationGone_triesLowerOnesForReading() {
        assertThat(tried(new int[] {1, 2}, 5, Set.of(1, 2))).containsExactly(2);
    }

    @Test
    void next_rememberedGeneration_sparesWhatIsFarBelow() {
        assertThat(tried(new int[] {1, 2, 5, 6, 7}, 6, Set.of(6))).containsExactly(7, 6);
    }

    @Test
    void next_floodOfForgeries_isBounded() {
        int[] flood = IntStream.rangeClosed(1, 100_000).toArray();

        assertThat(tried(flood, 0, Set.of())).hasSizeLessThanOrEqualTo(5000);
        assertThat(tried(flood, 3, Set.of(3))).hasSize(1001).endsWith(3);
    }

    private static List<Integer> tried(int[] numbers, int remembered, Set<Integer> valid) {
        GenerationSearch search = new GenerationSearch(numbers, remembered);
        List<Integer> tried = new ArrayList<>();
        while (search.hasNext()) {
            int number = search.next().orElseThrow();
            tried.add(number);
            if (valid.contains(number)) {
                search.found(number);
            }
        }
        return tried;
    }
}
