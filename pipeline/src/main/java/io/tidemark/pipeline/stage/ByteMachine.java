package io.tidemark.pipeline.stage;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A stage's synchronous heart: bytes in, bytes out, no thread of its own. {@link MachineFlux} calls it serially:
 * {@code poll} until null, then one {@code offer}, and so on; after the last input {@code end}, then {@code poll} until null.
 */
interface ByteMachine extends AutoCloseable {

    /** Takes one input buffer, given; only called after {@link #poll} returned null. */
    void offer(ByteBuf input);

    /** There is no more input. May throw, where the input must not end here. */
    void end();

    /** The next output buffer, given; null when more input is needed or, after {@link #end}, when all is out. */
    @Nullable
    ByteBuf poll();

    /** Releases whatever is held; called exactly once, also after a failure. */
    @Override
    void close();
}
