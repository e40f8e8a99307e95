package io.tidemark.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/** What a source may do at the moment at which the driver does not look. */
final class MachineFluxTest {
    private final IllegalStateException broken = new IllegalStateException("broken");
    private final List<String> calls = new ArrayList<>();

    @Test
    void sourceThatFailsWhileTheMachineWorks_isAFailure_notTheEnd() {
        TestPublisher<ByteBuf> source = TestPublisher.create();

        StepVerifier.create(MachineFlux.inline(source.flux(), () -> new Meanwhile(() -> source.error(broken))))
                .verifyErrorMatches(error -> error == broken);

        assertThat(calls).doesNotContain("end").containsOnlyOnce("close");
    }

    @Test
    void sourceThatEndsWhileTheMachineWorks_isTheEnd() {
        TestPublisher<ByteBuf> source = TestPublisher.create();

        StepVerifier.create(MachineFlux.inline(source.flux(), () -> new Meanwhile(source::complete)))
                .verifyComplete();

        assertThat(calls).containsOnlyOnce("end").containsOnlyOnce("close");
    }

    @Test
    void sourceThatFailsBehindABuffer_neverTellsTheMachineThatItEnded() {
        for (int round = 0; round < 2_000; round++) {
            calls.clear();
            Flux<ByteBuf> source = Flux.concat(
                    Flux.just(Unpooled.wrappedBuffer(new byte[] {1})),
                    Flux.<ByteBuf>error(broken).subscribeOn(Schedulers.parallel()));

            StepVerifier.create(MachineFlux.on(Schedulers.parallel(), source, () -> new Meanwhile(() -> {}))
                            .doOnNext(ByteBuf::release))
                    .thenConsumeWhile(buffer -> true)
                    .verifyErrorMatches(error -> error == broken);

            assertThat(calls).doesNotContain("end");
        }
    }

    /** Passes buffers on; the first time that it has none, something happens. */
    private final class Meanwhile implements ByteMachine {
        private final Runnable happens;
        private boolean happened;
        private ByteBuf passing;

        Meanwhile(Runnable happens) {
            this.happens = happens;
        }

        @Override
        public void offer(ByteBuf input) {
            passing = input;
        }

        @Override
        public void end() {
            calls.add("end");
        }

        @Override
        public ByteBuf poll() {
            ByteBuf next = passing;
            passing = null;
            if (next == null && !happened) {
                happened = true;
                happens.run();
            }
            return next;
        }

        @Override
        public void close() {
            calls.add("close");
        }
    }
}
