package io.tidemark.pipeline.stage;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * A sealed object -> the same bytes, while everything that reading it whole would find wrong is looked for on the way: tags, end,
 * frames, facts. So an object is copied and checked by one reading. Ends as {@link UnsealStage} and {@link Expand} do; what was
 * given out before is not to be kept then. Output: given, the buffers that came, in order. Runs on the CPU scheduler. For one
 * subscription.
 */
public final class WitnessStage {
    private final UnsealStage unseal;
    private final Expand expand;
    private final DigestStage digest;
    private final Scheduler cpu;

    /** The last two have learned their facts and digest when the flux has completed. */
    public WitnessStage(UnsealStage unseal, Expand expand, DigestStage digest, Scheduler cpu) {
        this.unseal = unseal;
        this.expand = expand;
        this.digest = digest;
        this.cpu = cpu;
    }

    public Flux<ByteBuf> apply(Flux<ByteBuf> source) {
        return MachineFlux.on(cpu, source, Witnessing::new);
    }

    private final class Witnessing implements ByteMachine {
        private final List<ByteMachine> machines = List.of(unseal.machine(), expand.machine(), digest.machine());
        private @Nullable ByteBuf passing;

        @Override
        public void offer(ByteBuf input) {
            passing = input;
            take(0, input.retainedDuplicate());
        }

        @Override
        public void end() {
            for (int i = 0; i < machines.size(); i++) {
                machines.get(i).end();
                drain(i);
            }
        }

        /** What comes out of the last is let go. */
        private void take(int machine, ByteBuf buffer) {
            if (machine == machines.size()) {
                buffer.release();
                return;
            }
            machines.get(machine).offer(buffer);
            drain(machine);
        }

        private void drain(int machine) {
            for (ByteBuf out = machines.get(machine).poll();
                    out != null;
                    out = machines.get(machine).poll()) {
                take(machine + 1, out);
            }
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
            machines.forEach(ByteMachine::close);
        }
    }
}
