package io.tidemark.sinks.testing.s3;

/** The little of XML that S3's documents need. */
final class Xml {

    private Xml() {}

    /** Text as it stands between two tags. */
    static String text(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }

    /** The text of the first element of this name; empty if there is none. */
    static String element(String document, String name) {
        int start = document.indexOf('<' + name + '>');
        int end = document.indexOf("</" + name + '>', start + 1);
        return start < 0 || end < 0
                ? ""
                : document.substring(start + name.length() + 2, end)
                        .replace("&quot;", "\"")
                        .replace("&lt;", "<")
                        .replace("&amp;", "&")
                        .strip();
    }
}
