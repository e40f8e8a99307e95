package io.tidemark.it.kmip;

import io.tidemark.kmip.testing.Dialect;
import io.tidemark.kmip.testing.Pki;
import io.tidemark.kmip.testing.ScriptedKmipServer;
import io.tidemark.kmip.testing.ScriptedKms;
import io.tidemark.kmip.testing.ServerTls;
import java.nio.file.Path;

/** The scripted KMS of kmip's test-jar in the place of the server that it imitates. */
final class ImitatedKms implements KmsServer {
    private final Manner manner;
    private final Pki pki;
    private final ScriptedKmipServer server;

    ImitatedKms(Path directory, Dialect dialect, Manner manner) {
        this.manner = manner;
        pki = Pki.in(directory);
        server = ScriptedKmipServer.start(pki, ServerTls.good(), new ScriptedKms(dialect));
    }

    @Override
    public String name() {
        return "scripted " + manner;
    }

    @Override
    public Manner manner() {
        return manner;
    }

    @Override
    public String host() {
        return "127.0.0.1";
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public Pki pki() {
        return pki;
    }

    @Override
    public String lastLog() {
        return server.requests() + " on " + server.connections() + " connections";
    }

    @Override
    public void close() {
        server.close();
    }
}
