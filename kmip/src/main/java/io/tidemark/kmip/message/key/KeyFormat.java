package io.tidemark.kmip.message.key;

import java.util.Optional;

/** How the bytes of a key stand in a key block; the formats of asymmetric keys are not read here. Source: KMIP 2.1, Key Format Type. */
public enum KeyFormat {
    RAW(1),
    OPAQUE(2),
    TRANSPARENT_SYMMETRIC_KEY(7);

    private final int code;

    KeyFormat(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    static Optional<KeyFormat> of(int code) {
        for (KeyFormat format : values()) {
            if (format.code == code) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }
}
