package io.tidemark.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.tidemark.kmip.testing.Dialect;
import io.tidemark.kmip.testing.Pki;
import io.tidemark.kmip.testing.ScriptedKmipServer;
import io.tidemark.kmip.testing.ScriptedKms;
import io.tidemark.kmip.testing.ServerTls;
import io.tidemark.pipeline.cli.BenchUnderTest.Ended;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** A key server on this host, and the command line that finds it without a configuration file, as alice. */
final class KmsUnderTest implements AutoCloseable {
    static final String HEX = "8f3c5a1db7e2409966d1c0aef4238b757a90e1d2c3b4f5061728394a5b6c7d8e";
    static final byte[] KEY = HexFormat.of().parseHex(HEX);

    final ScriptedKms kms;
    final ScriptedKmipServer server;
    private final Pki pki;
    private final BenchUnderTest bench;
    private String client = "client-alice";

    KmsUnderTest(Path directory, Dialect dialect) {
        this.pki = Pki.in(made(directory.resolve("pki")));
        this.kms = new ScriptedKms(dialect);
        this.server = ScriptedKmipServer.start(pki, ServerTls.good(), kms);
        this.bench = new BenchUnderTest(directory);
    }

    private static Path made(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The one object that a command has said. */
    static JsonObject json(Ended ended) {
        assertThat(ended.out().strip()).as(ended.err()).doesNotContain("\n");
        return JsonParser.parseString(ended.out()).getAsJsonObject();
    }

    /** {@link #KEY} in no form, and not half of it either. */
    static void assertNoKey(Ended ended) {
        String said = ended.out() + ended.err();
        assertThat(said.toLowerCase(Locale.ROOT).replaceAll("[^0-9a-z]", "")).doesNotContain(HEX.substring(4, 20));
        assertThat(said).doesNotContain(Base64.getEncoder().encodeToString(KEY).substring(3, 20));
        assertThat(said).doesNotContain(Arrays.toString(KEY).substring(1, 20));
    }

    /** From now on we show another certificate. */
    void as(String certificate) {
        client = certificate;
    }

    Ended run(String... args) {
        List<String> all = new ArrayList<>(List.of("kmip"));
        all.addAll(List.of(args));
        set(all, "hosts.0", "localhost:" + server.port());
        set(all, "certificate", pki.file(client + ".crt").toString());
        set(
                all,
                "key",
                pki.file((client.equals("client-bob") ? client : "client-alice") + ".key")
                        .toString());
        set(all, "trust", pki.file("ca.crt").toString());
        return bench.run(all.toArray(String[]::new));
    }

    private static void set(List<String> args, String setting, String value) {
        args.add("--set");
        args.add("keys.provider.kms.kmip." + setting + "=" + value);
    }

    @Override
    public void close() {
        bench.close();
        server.close();
    }
}
