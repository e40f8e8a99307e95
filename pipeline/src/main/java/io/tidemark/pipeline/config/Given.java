package io.tidemark.pipeline.config;

/**
 * One value as it was written, before anything is known about it.
 *
 * @param key dotted, {@code cluster.prod.data-directory}; items of lists by number, {@code keys.recipients.0.provider}
 * @param text as written; empty for {@link Form#NOTHING} and {@link Form#EMPTY_GROUP}
 */
record Given(String key, String text, Form form, Origin origin) {

    /** How it was written. */
    enum Form {
        VALUE,
        /** {@code null}: as if the line were not there, but the key must be known. */
        NOTHING,
        /** <code>{}</code> or {@code []}: names something without saying anything about it. */
        EMPTY_GROUP
    }

    boolean isValue() {
        return form == Form.VALUE;
    }
}
