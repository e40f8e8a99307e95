package io.tidemark.kmip.testing;

/** A scripted KMS says no, with the Result Reason and the Result Message that its answer has. */
final class KmsRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    static final int NOT_UNDERSTOOD = 0x04;
    static final int NOT_SUPPORTED = 0x05;
    static final int INVALID_FIELD = 0x07;
    static final int NOT_PERMITTED = 0x0C;

    private final int reason;

    KmsRefusal(int reason, String message) {
        super(message);
        this.reason = reason;
    }

    KmsRefusal(int reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    int reason() {
        return reason;
    }
}
