package io.tidemark.pipeline.keys.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class CacheBoundsTest {
    private static final RandomGenerator LEAST = () -> 0L;
    private static final RandomGenerator MOST = () -> -1L;

    private final CacheBounds bounds = new CacheBounds(Duration.ofSeconds(100), Duration.ofSeconds(10), 1);

    @Test
    void refreshAfter_whateverIsDrawn_liesWithinTheLifetime() {
        assertThat(bounds.refreshAfter(LEAST)).isEqualTo(Duration.ofSeconds(70));
        assertThat(bounds.refreshAfter(MOST)).isBetween(Duration.ofSeconds(89), Duration.ofSeconds(90));
    }

    @Test
    void pause_ofALongLifetime_isShortEnoughToNoticeThatSomebodyIsBack() {
        CacheBounds day = new CacheBounds(Duration.ofDays(1), Duration.ZERO, 1);

        assertThat(bounds.pause(MOST)).isLessThanOrEqualTo(Duration.ofSeconds(10));
        assertThat(day.pause(MOST)).isLessThanOrEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void bounds_withoutLifetimeOrRoom_areABug() {
        assertThatThrownBy(() -> new CacheBounds(Duration.ZERO, Duration.ZERO, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CacheBounds(Duration.ofSeconds(1), Duration.ofSeconds(-1), 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CacheBounds(Duration.ofSeconds(1), Duration.ZERO, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
