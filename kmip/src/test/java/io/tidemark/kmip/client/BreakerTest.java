package io.tidemark.kmip.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.KmipException.Attempt;
import io.tidemark.kmip.KmipException.Unreachable;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class BreakerTest {
    private static final KmipException FAILURE =
            new Unreachable(new Attempt("connect", "kms:5696"), "connection refused", "start it", null);

    private final MockTicker ticker = Ticker.newMockTicker();
    private final Breaker breaker = new Breaker(ticker, new SplittableRandom(1));

    private void passRest() {
        ticker.advance(breaker.nanosLeft(), TimeUnit.NANOSECONDS);
        assertThat(breaker.nanosLeft()).isZero();
    }

    @Test
    void eachFailure_doublesTheRest_lessUpToHalf_upToTheLongest() {
        long most = Breaker.FIRST_REST.toNanos();
        for (int failure = 1; failure <= 100; failure++) {
            breaker.failed(FAILURE);
            assertThat(breaker.nanosLeft()).isBetween(most / 2, most);
            passRest();
            most = Math.min(most * 2, Breaker.LONGEST_REST.toNanos());
        }
        assertThat(most).isEqualTo(Duration.ofSeconds(10).toNanos());
    }

    @Test
    void manyFailuresAtOnce_areOne() {
        breaker.failed(FAILURE);
        long rest = breaker.nanosLeft();
        for (int i = 0; i < 100; i++) {
            breaker.failed(FAILURE);
        }

        assertThat(breaker.nanosLeft()).isEqualTo(rest);
        assertThat(breaker.isOpen()).isFalse();
    }

    @Test
    void afterSomeFailuresInARow_itIsOpen_untilItsRestIsOver_andAnAnswerShutsIt() {
        for (int i = 1; i < Breaker.OPEN_AFTER; i++) {
            breaker.failed(FAILURE);
            assertThat(breaker.isOpen()).isFalse();
            passRest();
        }
        breaker.failed(FAILURE);
        assertThat(breaker.isOpen()).isTrue();
        assertThat(breaker.last()).contains(FAILURE);
        passRest();
        assertThat(breaker.isOpen()).isFalse();

        breaker.failed(FAILURE);
        assertThat(breaker.isOpen()).isTrue();
        breaker.succeeded();
        assertThat(breaker.isOpen()).isFalse();
        assertThat(breaker.nanosLeft()).isZero();
        assertThat(breaker.last()).isEmpty();
    }

    @Test
    void clientsOfDifferentJitter_doNotComeBackInStep() {
        Breaker other = new Breaker(ticker, new SplittableRandom(2));
        breaker.failed(FAILURE);
        other.failed(FAILURE);

        assertThat(breaker.nanosLeft()).isNotEqualTo(other.nanosLeft());
    }
}
