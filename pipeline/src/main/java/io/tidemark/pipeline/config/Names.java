package io.tidemark.pipeline.config;

/** What clusters, repositories, providers and nodes may be called: words that are the same in every file system and environment. */
final class Names {
    private static final int MOST = 63;

    private Names() {}

    /** {@code [a-z][a-z0-9-]{0,62}}. */
    static boolean isName(String text) {
        return isNode(text) && text.charAt(0) >= 'a' && text.charAt(0) <= 'z';
    }

    /** {@code [a-z0-9-]{1,63}}. */
    static boolean isNode(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-')) {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= MOST;
    }
}
