package io.tidemark.it.s3;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** An S3 server on a loopback port. Buckets are made for tests and never removed: all goes with the run. */
public interface S3Server {

    /** For messages: {@code S3Proxy over HTTPS}. */
    String name();

    URI endpoint();

    /** Who may do everything. */
    Identity owner();

    /** The certificate of the authority that has signed the server's, in PEM, readable by everybody; empty over HTTP. */
    Optional<Path> authority();

    /** The name of a new and empty bucket. */
    String newBucket();
}
