package io.tidemark.sinks.testing;

import io.netty.util.LeakPresenceDetector;

/**
 * Netty's leak detector that counts every pooled and direct buffer, in a scope that a test can look at while work is still ending.
 *
 * <p>Set by {@code -Dio.netty.customResourceLeakDetector}; Netty makes one for each kind of resource, by these constructors.
 */
public final class CountingLeakDetector<T> extends LeakPresenceDetector<T> {
    /** Replaced when it has reported a leak, so that one leak fails one test. */
    @SuppressWarnings("NonFinalStaticField")
    private static volatile ResourceScope scope = new ResourceScope("tests");

    public CountingLeakDetector(Class<?> resourceType) {
        super(resourceType);
    }

    @SuppressWarnings("deprecation")
    public CountingLeakDetector(Class<?> resourceType, int samplingInterval) {
        super(resourceType, samplingInterval);
    }

    @SuppressWarnings("deprecation")
    public CountingLeakDetector(Class<?> resourceType, int samplingInterval, long maxActive) {
        super(resourceType, samplingInterval);
    }

    @Override
    protected ResourceScope currentScope() {
        return scope;
    }

    static boolean anyOpen() {
        return scope.hasOpenResources();
    }

    /** Fails, with the stacks of their creation where these are recorded, if anything is still open. */
    public static void check() {
        if (scope.hasOpenResources()) {
            ResourceScope leaked = scope;
            scope = new ResourceScope("tests");
            leaked.close();
        }
    }
}
