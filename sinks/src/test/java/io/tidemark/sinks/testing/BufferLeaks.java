package io.tidemark.sinks.testing;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Fails a test that leaves a Netty buffer behind. Registered for every test by its service file.
 *
 * <p>A test (or its constructor) that takes a {@link ByteBufAllocator} gets one that counts every byte handed out, heap too, which
 * Netty's own detectors do not see for unpooled heap buffers. Pooled and direct buffers are counted by
 * {@link CountingLeakDetector}, which the build turns on.
 */
public final class BufferLeaks implements ParameterResolver, AfterEachCallback {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(BufferLeaks.class);

    /** Cancelled work may still be letting go on another thread when the test ends; a leak never does. */
    private static final int PATIENCE_STEPS = 200;

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == ByteBufAllocator.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getStore(NAMESPACE)
                .computeIfAbsent(
                        ByteBufAllocator.class,
                        key -> new UnpooledByteBufAllocator(false),
                        UnpooledByteBufAllocator.class);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        UnpooledByteBufAllocator counted =
                context.getStore(NAMESPACE).get(ByteBufAllocator.class, UnpooledByteBufAllocator.class);
        if (counted != null) {
            for (int step = 0; step < PATIENCE_STEPS && used(counted) > 0; step++) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
            if (used(counted) > 0) {
                throw new AssertionError("LEAK: " + used(counted) + " bytes of buffers were not released by "
                        + context.getDisplayName());
            }
        }
        for (int step = 0; step < PATIENCE_STEPS && CountingLeakDetector.anyOpen(); step++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        CountingLeakDetector.check();
    }

    private static long used(UnpooledByteBufAllocator allocator) {
        return allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
    }
}
