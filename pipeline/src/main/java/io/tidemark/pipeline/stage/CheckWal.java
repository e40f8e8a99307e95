package io.tidemark.pipeline.stage;

import io.netty.buffer.ByteBuf;
import io.tidemark.pipeline.wal.SegmentCheck;
import io.tidemark.pipeline.wal.SegmentReport;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Lets a segment's bytes through and checks them on the way: the flux ends with the check's refusal at the page that fails, or at the end where
 * the segment is not whole. On the thread that brings the bytes. For one subscription.
 */
public final class CheckWal {
    private final SegmentCheck check;
    private final Sinks.One<SegmentReport> report = Sinks.one();

    public CheckWal(SegmentCheck check) {
        this.check = check;
    }

    /** The same buffers, given, in order. */
    public Flux<ByteBuf> apply(Flux<ByteBuf> source) {
        return MachineFlux.inline(source, Checking::new);
    }

    /** Completes with the flux, before it tells its own completion; empty where the flux did not complete. */
    public Mono<SegmentReport> report() {
        return report.asMono();
    }

    private final class Checking implements ByteMachine {
        private @Nullable ByteBuf passing;

        @Override
        public void offer(ByteBuf input) {
            passing = input;
            check.feed(input.nioBuffer());
        }

        @Override
        public void end() {
            report.tryEmitValue(check.finish()).orThrow();
        }

        @Override
        public @Nullable ByteBuf poll() {
            ByteBuf next = passing;
            passing = null;
            return next;
        }

        @Override
        public void close() {
            ByteBuf unsent = poll();
            if (unsent != null) {
                unsent.release();
            }
            Sinks.EmitResult ignored = report.tryEmitEmpty();
            assert ignored != Sinks.EmitResult.FAIL_NON_SERIALIZED;
        }
    }
}
