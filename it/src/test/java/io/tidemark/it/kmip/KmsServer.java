package io.tidemark.it.kmip;

import io.tidemark.kmip.testing.Pki;

/** A key server on a loopback port, whose certificate and clients are those of {@link Pki}. */
public interface KmsServer extends AutoCloseable {

    /** For messages: {@code PyKMIP 0.11.0}. */
    String name();

    Manner manner();

    /** An address that is in its certificate. */
    String host();

    int port();

    /** The clients that it knows. */
    Pki pki();

    /** The end of what it has said so far. */
    String lastLog();

    @Override
    void close();
}
