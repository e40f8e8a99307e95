package io.tidemark.kmip.message.key;

import java.util.Optional;

/** How one key is wrapped with another. Source: KMIP 2.1, Block Cipher Mode Enumeration. */
public enum WrapMode {
    /** RFC 3394; the one that every server of the lab has. */
    NIST_KEY_WRAP(0x0D),
    /** RFC 5649. */
    AES_KEY_WRAP_PADDING(0x0C),
    /** On Cosmian: nonce (12) ‖ ciphertext ‖ tag (16). */
    GCM(0x09);

    private final int code;

    WrapMode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    static Optional<WrapMode> of(int code) {
        for (WrapMode mode : values()) {
            if (mode.code == code) {
                return Optional.of(mode);
            }
        }
        return Optional.empty();
    }
}
