package io.tidemark.it.kmip;

import io.tidemark.kmip.testing.Pki;

/** A key server on a loopback port, whose certificate and clients are those of {@link Pki}. */
public interface KmsServer extends AutoCloseable {

    /** For messages: {@code PyKMIP 0.11.0}. */
    String name();

    /** An address that is in its certificate. */
    String host();

    int port();

    /** The clients that it knows. */
    Pki pki();

    /** Comes back on the same port with the same keys. */
    void start();

    /** kill -9. Nothing answers on its port until {@link #start}. */
    void kill();

    /** The end of what it has said so far. */
    String lastLog();

    @Override
    void close();
}
