package io.tidemark.pipeline.cli;

import com.google.gson.JsonObject;
import io.tidemark.pipeline.care.keyset.RecoveryKeyPair;
import io.tidemark.pipeline.config.SecretReference;
import io.tidemark.pipeline.config.UsageError;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;

/** {@code keys recovery-key}: the pair whose private half lies in a safe. */
@Command(
        name = "recovery-key",
        description =
                "Makes a recovery key: FILE, the private half for your safe, and FILE.pub, the public half for the "
                        + "configuration. Overwrites nothing.",
        footer = {
            "tidemark keys recovery-key --out /root/recovery.pem",
            "tidemark keys recovery-key --out /root/recovery.pem --passphrase file:/root/passphrase"
        })
final class KeysRecoveryKeyCommand implements Verb {
    @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where the private half goes, PEM.")
    @Nullable
    Path out;

    @Option(
            names = "--passphrase",
            paramLabel = "REF",
            description = "Encrypt the private half; file:PATH or env:NAME says where the passphrase is.")
    @Nullable
    String passphrase;

    @Option(names = "--json", description = "Report as one JSON object.")
    boolean json;

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        Path given = out;
        if (given == null) {
            throw new UsageError("keys recovery-key needs --out FILE");
        }
        Path file = bench.workingDirectory().resolve(given).normalize();
        return Mono.using(
                        this::secret,
                        secret -> new RecoveryKeyPair(bench.random(), bench.files())
                                .make(file, passphrase == null ? null : secret),
                        secret -> Arrays.fill(secret, '\0'))
                // a passphrase is read from a file
                .subscribeOn(bench.files())
                .map(made -> {
                    print(bench.console().out(), made);
                    return ExitCode.DONE;
                });
    }

    private char[] secret() {
        if (passphrase == null) {
            return new char[0];
        }
        return SecretReference.parse(passphrase)
                .orElseThrow(() -> new UsageError("--passphrase: expected " + SecretReference.EXPECTED))
                .read("passphrase", System.getenv());
    }

    private void print(PrintStream console, RecoveryKeyPair.Made made) {
        if (json) {
            JsonObject report = new JsonObject();
            report.addProperty("id", made.publicKey().id());
            report.addProperty("private", made.privateFile().toString());
            report.addProperty("public", made.publicFile().toString());
            report.addProperty("pem", made.publicKey().toPem());
            console.println(report);
            return;
        }
        console.println("recovery key " + made.publicKey().id());
        console.println("private half  " + Printable.of(made.privateFile().toString())
                + "  (move it to a safe: it opens everything)");
        console.println("public half   " + Printable.of(made.publicFile().toString())
                + "  (keys.recipients: - { recovery: FILE })");
        console.print(made.publicKey().toPem());
    }
}
