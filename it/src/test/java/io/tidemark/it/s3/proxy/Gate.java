package io.tidemark.it.s3.proxy;

import org.jspecify.annotations.Nullable;

/** Decides what may pass. Asked by several threads. */
public interface Gate {
    /** What becomes of a request: it goes on, perhaps signed anew, or it is answered. */
    record Verdict(HttpHead request, @Nullable Refusal refusal) {}

    /** An answer with S3's XML. */
    record Refusal(int status, String code) {}

    /** Before anything of the request goes on. */
    Verdict on(HttpHead request);

    /**
     * What to answer instead of the server's 404; null for that.
     *
     * @param request as it came
     */
    @Nullable
    Refusal onMissing(HttpHead request);

    /** Everything passes. */
    Gate OPEN = new Gate() {
        @Override
        public Verdict on(HttpHead request) {
            return new Verdict(request, null);
        }

        @Override
        public @Nullable Refusal onMissing(HttpHead request) {
            return null;
        }
    };
}
