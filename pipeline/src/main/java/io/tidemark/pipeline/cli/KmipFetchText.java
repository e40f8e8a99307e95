package io.tidemark.pipeline.cli;

import com.google.gson.JsonObject;
import io.tidemark.crypto.keyset.CheckValue;
import io.tidemark.pipeline.care.kmip.KeyFetch;
import io.tidemark.pipeline.care.kmip.KeyFetch.How;
import io.tidemark.pipeline.care.kmip.KeyFetch.Shown;
import io.tidemark.pipeline.care.kmip.KeyLookup;
import io.tidemark.pipeline.care.kmip.KmipService;
import io.tidemark.pipeline.config.UsageError;
import java.io.PrintStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;

/** What {@code kmip get} and {@code kmip export} have in common, which is all but the operation. */
final class KmipFetchText {
    @Mixin
    KmipServerOption server = new KmipServerOption();

    @Mixin
    KmipKeyOption key = new KmipKeyOption();

    @Option(
            names = "--reveal",
            paramLabel = "FILE",
            description =
                    "Write the key's bytes into this new file, which its owner alone can read. Without it they go nowhere.")
    @Nullable
    String reveal;

    @Option(names = "--json", description = "Report as one JSON object; never with the key's bytes.")
    boolean json;

    Mono<ExitCode> run(Workbench bench, String command, How how) {
        KeyLookup.Choice choice = key.choice(command);
        Path file = file(bench.workingDirectory());
        KmipService service = server.service(bench);
        return new KeyFetch(service, new KeyLookup(service), bench.files())
                .fetch(choice, how, file)
                .map(shown -> {
                    if (json) {
                        bench.console().out().println(json(service, shown));
                    } else {
                        print(bench.console().out(), shown);
                    }
                    return ExitCode.DONE;
                });
    }

    private @Nullable Path file(Path directory) {
        String given = reveal;
        if (given == null) {
            return null;
        }
        if (given.isEmpty() || given.equals("-")) {
            throw new UsageError("--reveal: expected the name of a new file: a key is not written to standard output");
        }
        return directory.resolve(given).normalize();
    }

    private static void print(PrintStream out, Shown shown) {
        KmipKeyText.print(out, shown.entry());
        KmipKeyText.line(out, "length", shown.bytes() + " bytes");
        CheckValue check = shown.checkValue();
        KmipKeyText.line(
                out, "check value", check == null ? "none: it is no AES key of 16 or 32 bytes" : check.toString());
        if (shown.revealed() != null) {
            KmipKeyText.line(out, "revealed", "in " + shown.revealed() + ", which its owner alone can read");
        }
    }

    private static JsonObject json(KmipService service, Shown shown) {
        JsonObject json = new JsonObject();
        json.addProperty("provider", service.provider());
        json.add("key", KmipKeyText.json(shown.entry()));
        json.addProperty("bytes", shown.bytes());
        CheckValue check = shown.checkValue();
        json.addProperty("checkValue", check == null ? null : check.toString());
        Path revealed = shown.revealed();
        json.addProperty("revealed", revealed == null ? null : revealed.toString());
        return json;
    }
}
