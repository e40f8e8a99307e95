package io.tidemark.kmip.client;

import io.tidemark.kmip.KmipException;

/** An exchange that got no answer, on its way through this package: why, and how far it had come. */
final class Lost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final KmipException failure;
    private final When when;

    Lost(KmipException failure, When when) {
        super(null, failure, /* enableSuppression= */ false, /* writableStackTrace= */ false);
        this.failure = failure;
        this.when = when;
    }

    /** How far it had come: what may be done about it depends on that. */
    enum When {
        /** It was we who did not take it. */
        NOT_TAKEN,
        /** Nothing has left: whatever it was can be asked again. */
        UNSENT,
        /** Not sent, since its connection was found to have just ended; another one may be there. */
        ON_AN_ENDED_CONNECTION,
        /** Sent as the first on a connection, which brought not one byte: the server may have refused us. */
        ON_A_NEW_CONNECTION,
        /** Sent on a connection that had brought answers, and not this one: it may have been dead for long. */
        ON_A_USED_CONNECTION,
        /** Some of its answer has come. */
        HALF_ANSWERED
    }

    KmipException failure() {
        return failure;
    }

    /** The same, of a request that had to wait for what was lost. */
    Lost beforeSending() {
        return when == When.NOT_TAKEN ? this : new Lost(failure, When.UNSENT);
    }

    When when() {
        return when;
    }
}
