package io.tidemark.pipeline;

/**
 * This process was started with the libraries of the fast path and needs those of a bucket, of a key server or of the recovery key: the
 * launcher starts it again with all. Nothing has been done yet.
 */
final class MoreLibrariesNeeded extends RuntimeException {
    /** What the launcher reads, together with the word; none of the table's. */
    static final int NUMBER = 66;

    private static final String ONE_OF_THEM = "software.amazon.awssdk.services.s3.S3AsyncClient";
    private static final long serialVersionUID = 1L;

    private MoreLibrariesNeeded(ClassNotFoundException cause) {
        super("the libraries of buckets, key servers and the recovery key are not on the class path", cause);
    }

    /** Looks for a class without initialising it. */
    static void requireAll() {
        try {
            Class.forName(ONE_OF_THEM, /* initialize= */ false, MoreLibrariesNeeded.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new MoreLibrariesNeeded(e);
        }
    }
}
