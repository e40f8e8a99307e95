package io.tidemark.pipeline.cli;

/** What this build calls itself. */
public final class ProductVersion {
    private ProductVersion() {}

    /** From the jar's manifest; in a source tree that is not packaged, "development". */
    public static String text() {
        String version = ProductVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
