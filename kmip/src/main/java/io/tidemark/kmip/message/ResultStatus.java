package io.tidemark.kmip.message;

import java.util.Optional;

/** What became of one operation. Source: KMIP 2.1, Result Status Enumeration. */
public enum ResultStatus {
    SUCCESS,
    OPERATION_FAILED,
    /** The server wants to be asked again with Poll, which is never offered to it. */
    OPERATION_PENDING,
    /** Done and taken back; one server was seen to say so of what it had done. */
    OPERATION_UNDONE;

    private static final ResultStatus[] BY_CODE = values();

    static Optional<ResultStatus> of(int code) {
        return code >= 0 && code < BY_CODE.length ? Optional.of(BY_CODE[code]) : Optional.empty();
    }
}
