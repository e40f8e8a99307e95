package io.tidemark.pipeline.event;

/** How far a long run has come, in bytes of the cluster (not of what is stored). Called from any thread, often, and never blocks. */
public interface Progress {
    /** How many bytes there will be in all; may be said again when more is known. */
    void expect(long bytes);

    /** So many more are done. */
    void advance(long bytes);

    /** Nobody looks. */
    static Progress silent() {
        return new Progress() {
            @Override
            public void expect(long bytes) {}

            @Override
            public void advance(long bytes) {}
        };
    }
}
