package io.tidemark.pipeline.cli;

import static io.tidemark.pipeline.cli.KmsUnderTest.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.tidemark.kmip.testing.Dialect;
import io.tidemark.kmip.testing.ServerTls;
import io.tidemark.pipeline.cli.BenchUnderTest.Ended;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a server, and which server is meant. */
final class KmipQueryCommandTest {
    @TempDir
    Path directory;

    @RegisterExtension
    final OpenedKms opened = new OpenedKms();

    private KmsUnderTest kms(Dialect dialect) {
        return opened.start(directory, dialect);
    }

    @Test
    void query_saysInOneLineWhatTheServerIs_andAsWhomItKnowsUs() {
        KmsUnderTest kms = kms(Dialect.COSMIAN);

        Ended ended = kms.run("query");

        assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.DONE);
        assertThat(ended.out().lines()).hasSize(1);
        assertThat(ended.out())
                .startsWith("ok      localhost:" + kms.server.port() + "  KMIP 1.4 (of 2.1 2.0 1.4 1.3 1.2 1.1 1.0), ")
                .contains("\"scripted COSMIAN\"", "as \"alice\"", "certificates: server ", " d left, ours ", " ms");
    }

    @Test
    void query_inDetail_tellsOperationsCertificatesAndTheTimeOfEachStep() {
        Ended ended = kms(Dialect.PYKMIP).run("query", "--detail");

        assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.DONE);
        assertThat(ended.out())
                .contains("TLSv1.3, TLS_", "2.0 1.4 1.3 1.2 1.1 1.0; requests go out in 1.4")
                .contains("Locate, Get, ", "Symmetric Key", "\"DNS:localhost, IP:127.0.0.1")
                .containsPattern(
                        "resolve \\d+\\.\\d ms, connect \\d+\\.\\d ms, handshake \\d+\\.\\d ms, first answer \\d");
    }

    @Test
    void query_asJson_isOneObjectAHost() {
        JsonObject json = json(kms(Dialect.COSMIAN).run("query", "--json"));

        assertThat(json.get("usable").getAsBoolean()).isTrue();
        assertThat(json.get("version").getAsString()).isEqualTo("1.4");
        assertThat(json.getAsJsonArray("operations").toString()).contains("\"Export\"", "\"Locate\"");
        assertThat(json.getAsJsonObject("ourCertificate").get("commonName").getAsString())
                .isEqualTo("alice");
        assertThat(json.getAsJsonArray("serverCertificates")).isNotEmpty();
        assertThat(json.getAsJsonObject("milliseconds").keySet())
                .containsExactly("resolve", "connect", "handshake", "firstAnswer");
    }

    @Test
    void t82_query_saysWhichCheckOfTheServersCertificateFailed_andThatPgTdeDoesNotMind() {
        KmsUnderTest kms = kms(Dialect.COSMIAN);
        for (String[] bad : new String[][] {
            {"server-expired.crt", "server-expired"},
            {"server-wronghost.crt", "server-name"},
            {"server-selfsigned.crt", "server-issuer"},
            {"server-clienteku.crt", "server-usage"},
        }) {
            kms.server.shows(ServerTls.good().showing(bad[0]));

            Ended ended = kms.run("query");
            JsonObject json = json(kms.run("query", "--json"));

            assertThat(ended.code()).as(bad[0]).isEqualTo(ExitCode.KEYS);
            assertThat(ended.out())
                    .as(bad[0])
                    .startsWith("FAILED  localhost:")
                    .contains("TLS " + bad[1] + ": ", "HINT: ", "pg_tde does not verify");
            assertThat(json.getAsJsonObject("error").get("check").getAsString()).isEqualTo(bad[1]);
            assertThat(json.getAsJsonObject("ourCertificate").get("commonName").getAsString())
                    .isEqualTo("alice");
        }
    }

    @Test
    void t83_query_saysWhenItIsOurCertificateThatTheServerRefuses() {
        KmsUnderTest kms = kms(Dialect.COSMIAN);
        kms.as("client-expired");

        Ended ended = kms.run("query");

        assertThat(ended.code()).isEqualTo(ExitCode.KEYS);
        assertThat(ended.out())
                .contains("TLS client-certificate: ", "our own certificate: EXPIRED ")
                .doesNotContain("pg_tde does not verify");
        kms.server.shows(ServerTls.good().clients(ServerTls.Clients.NOT_ASKED));
        Ended lenient = kms.run("query");
        assertThat(lenient.out()).startsWith("ok ").contains("ours EXPIRED ");
        assertThat(lenient.code()).as("it will be refused sooner or later").isEqualTo(ExitCode.KEYS);
    }

    @Test
    void everyCommand_whoseServerIsNotThere_endsInFiveAndSaysWhere() {
        KmsUnderTest kms = kms(Dialect.COSMIAN);
        kms.server.stop();
        for (String command : List.of("query", "locate", "get 1", "create --name n", "destroy 1 --yes")) {
            Ended ended = kms.run(command.split(" "));

            assertThat(ended.code()).as(command).isEqualTo(ExitCode.KEYS);
            assertThat(ended.out() + ended.err()).as(command).contains("localhost:" + kms.server.port(), "HINT: ");
        }
    }

    @Test
    void whichServerAndWhichKey_mustBeClear() {
        try (BenchUnderTest bench = new BenchUnderTest(directory)) {
            assertThat(bench.run("kmip", "query"))
                    .extracting(Ended::code, ended -> ended.err().contains("no key service is configured"))
                    .containsExactly(ExitCode.USAGE, true);
        }
        KmsUnderTest kms = kms(Dialect.COSMIAN);
        assertThat(kms.run("query", "--provider", "kms").code()).isEqualTo(ExitCode.DONE);
        assertThat(kms.run("query", "--provider", "other").err()).contains("there is no provider \"other\"");
        assertThat(kms.run("get").err()).contains("kmip get needs either the key's ID or --name NAME");
        assertThat(kms.run("get", "1", "--name", "n").code()).isEqualTo(ExitCode.USAGE);
        assertThat(kms.run("get", " ").code()).isEqualTo(ExitCode.USAGE);
        assertThat(kms.run("rekey", "1").code()).as("there is no such command").isEqualTo(ExitCode.USAGE);
    }
}
