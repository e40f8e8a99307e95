package io.tidemark.sinks;

import org.jspecify.annotations.Nullable;

/** The store could not be asked: its root or mount is gone, the device fails, no answer in time. It says nothing about objects. */
public final class StoreUnavailable extends StoreException {

    private static final long serialVersionUID = 1L;

    private final Answer answer;

    public StoreUnavailable(String message, @Nullable Throwable cause) {
        this(message, Answer.NONE, cause);
    }

    private StoreUnavailable(String message, Answer answer, @Nullable Throwable cause) {
        super(message, cause);
        this.answer = answer;
    }

    /** The store answers, and asks for fewer requests: S3's 503 SlowDown, 429. */
    public static StoreUnavailable slowDown(String message, @Nullable Throwable cause) {
        return new StoreUnavailable(message, Answer.SLOW_DOWN, cause);
    }

    /** Whether the store asks for fewer requests, from everybody in this process. */
    public boolean asksToSlowDown() {
        return answer == Answer.SLOW_DOWN;
    }

    private enum Answer {
        NONE,
        SLOW_DOWN
    }

    @Override
    public Kind kind() {
        return Kind.UNAVAILABLE;
    }
}
