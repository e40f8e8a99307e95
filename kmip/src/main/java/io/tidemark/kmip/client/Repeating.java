package io.tidemark.kmip.client;

import io.tidemark.kmip.message.Operation;

/** What it does to ask the same again, when it is not known whether the server has done it. */
enum Repeating {
    /** It only reads. */
    HARMLESS,
    /** It may be done twice: it is never sent again. */
    HARMFUL;

    static Repeating of(Operation operation) {
        return switch (operation) {
            case DISCOVER_VERSIONS,
                    QUERY,
                    PING,
                    LOCATE,
                    GET,
                    EXPORT,
                    CHECK,
                    GET_ATTRIBUTES,
                    GET_ATTRIBUTE_LIST,
                    ENCRYPT,
                    DECRYPT,
                    RNG_RETRIEVE -> HARMLESS;
            default -> HARMFUL;
        };
    }
}
