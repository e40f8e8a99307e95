package io.tidemark.it.s3;

/** Who signs a request. */
public record Identity(String accessKey, String secretKey) {

    /** The secret is a test's, but habits are habits. */
    @Override
    public String toString() {
        return accessKey;
    }
}
