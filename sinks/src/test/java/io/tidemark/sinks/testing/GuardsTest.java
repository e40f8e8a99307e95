package io.tidemark.sinks.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** The guards are worth something only while they are on. */
final class GuardsTest {
    @Test
    void blockHound_aFileReadOnANonBlockingThread_isRefused() {
        Scheduler nonBlocking = Schedulers.newParallel("guard", 1);
        try {
            StepVerifier.create(Mono.fromCallable(() -> Files.readString(Path.of("/proc/self/mounts")))
                            .subscribeOn(nonBlocking))
                    .expectError(BlockingOperationError.class)
                    .verify();
        } finally {
            nonBlocking.dispose();
        }
    }

    @Test
    void leakPresence_aPooledBufferThatIsStillHeld_isReported() {
        ByteBuf held = PooledByteBufAllocator.DEFAULT.heapBuffer(16);

        assertThat(CountingLeakDetector.anyOpen()).isTrue();
        held.release();
        assertThat(CountingLeakDetector.anyOpen()).isFalse();
        CountingLeakDetector.check();
    }

    @Test
    void countingAllocator_countsHeapBuffers(ByteBufAllocator allocator) {
        ByteBuf held = allocator.heapBuffer(64);

        assertThat(((io.netty.buffer.UnpooledByteBufAllocator) allocator)
                        .metric()
                        .usedHeapMemory())
                .isEqualTo(64);

        held.release();
    }
}
