package io.tidemark.kmip.message.attribute;

import java.util.Optional;

/** What a server keeps, in the order of the codes. Source: KMIP 2.1, Object Type Enumeration. */
public enum ObjectType {
    CERTIFICATE,
    SYMMETRIC_KEY,
    PUBLIC_KEY,
    PRIVATE_KEY,
    SPLIT_KEY,
    TEMPLATE,
    SECRET_DATA,
    OPAQUE_OBJECT,
    PGP_KEY,
    CERTIFICATE_REQUEST;

    private static final ObjectType[] BY_CODE = values();

    public int code() {
        return ordinal() + 1;
    }

    /** Empty for a code that the specification does not have. */
    public static Optional<ObjectType> of(int code) {
        return code >= 1 && code <= BY_CODE.length ? Optional.of(BY_CODE[code - 1]) : Optional.empty();
    }
}
