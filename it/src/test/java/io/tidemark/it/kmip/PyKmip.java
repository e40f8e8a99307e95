package io.tidemark.it.kmip;

import io.tidemark.it.child.ChildServer;
import io.tidemark.it.child.VirtualEnvironment;
import io.tidemark.kmip.testing.Pki;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.opentest4j.TestAbortedException;

/**
 * PyKMIP's server, over TLS 1.2 with an EC certificate, its keys in a SQLite database. A process of its own, in a virtual environment
 * that is made when it is first wanted. It ends with this one, however that ends.
 */
public final class PyKmip implements KmsServer {
    private static final VirtualEnvironment PROGRAM =
            new VirtualEnvironment("pykmip", "kmip", "pykmip==0.11.0", "SQLAlchemy<2", "cryptography<43");

    private final Setup setup;
    private final Pki pki;
    private final int port = ChildServer.freePort();
    private final ChildServer process;

    /**
     * How it is set up.
     *
     * @param certificate the server's, a file of {@link Pki}
     * @param key         its key's file
     * @param database    where the keys are; two servers may share it
     * @param clockAhead  how much later its clock is than this machine's
     */
    public record Setup(String certificate, String key, Path database, Duration clockAhead) {
        /** An EC certificate, the right time. */
        public static Setup on(Path database) {
            return new Setup("server-ec.crt", "server-ec.key", database, Duration.ZERO);
        }

        public Setup showing(String otherCertificate, String itsKey) {
            return new Setup(otherCertificate, itsKey, database, clockAhead);
        }

        public Setup clockAhead(Duration ahead) {
            return new Setup(certificate, key, database, ahead);
        }
    }

    private PyKmip(Setup setup, Path directory) {
        this.setup = setup;
        Path interpreter = PROGRAM.interpreter();
        try {
            pki = Pki.in(Files.createDirectory(directory.resolve("pki")));
            Files.createDirectory(directory.resolve("policy"));
            Files.writeString(directory.resolve("server.conf"), configuration(directory), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Path script = Path.of(System.getProperty("tidemark.root"), "it/src/test/resources/kmip/serve.py");
        process = new ChildServer(
                List.of(
                        interpreter.toString(),
                        script.toString(),
                        "--config_path=" + directory.resolve("server.conf"),
                        "--log_path=/dev/null"),
                Map.of("CLOCK_AHEAD_SECONDS", Long.toString(setup.clockAhead.toSeconds())),
                List.of(port),
                directory.resolve("pykmip.log"));
    }

    /**
     * Starts one.
     *
     * @param directory an empty one
     * @throws TestAbortedException where PyKMIP cannot be had, with what it needs
     */
    public static PyKmip startedIn(Path directory) {
        return startedIn(directory, Setup.on(directory.resolve("keys.sqlite")));
    }

    public static PyKmip startedIn(Path directory, Setup setup) {
        PyKmip server = new PyKmip(setup, directory);
        server.start();
        return server;
    }

    private String configuration(Path directory) {
        return """
                [server]
                hostname=%s
                port=%d
                certificate_path=%s
                key_path=%s
                ca_path=%s
                auth_suite=TLS1.2
                policy_path=%s
                enable_tls_client_auth=True
                logging_level=INFO
                database_path=%s
                """.formatted(
                        host(),
                        port,
                        pki.file(setup.certificate),
                        pki.file(setup.key),
                        pki.file("ca.crt"),
                        directory.resolve("policy"),
                        setup.database);
    }

    @Override
    public String name() {
        return "PyKMIP 0.11.0";
    }

    @Override
    public Manner manner() {
        return Manner.PYKMIP;
    }

    @Override
    public String host() {
        return "127.0.0.1";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public Pki pki() {
        return pki;
    }

    /** Comes back on the same port with the same keys. */
    public void start() {
        process.start();
    }

    /** kill -9. Nothing answers on its port until {@link #start}. */
    public void kill() {
        process.kill();
    }

    /** What the end of this process does to it. */
    void orphan() {
        process.orphan();
    }

    @Override
    public String lastLog() {
        return process.lastLog();
    }

    @Override
    public void close() {
        process.kill();
    }
}
