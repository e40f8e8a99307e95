package io.tidemark.pipeline.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.tidemark.pipeline.care.kmip.KeyLookup.Entry;
import io.tidemark.pipeline.care.kmip.KeyMaking.Made;
import io.tidemark.pipeline.care.kmip.KeyMaking.Mode;
import io.tidemark.pipeline.care.kmip.KeyMaking.Then;
import io.tidemark.pipeline.care.kmip.KmipService;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code kmip create} and {@code kmip register} have in common: the new key's name, and what is said of it. */
final class KmipMadeText {
    @Mixin
    KmipServerOption server = new KmipServerOption();

    @Option(
            names = "--name",
            required = true,
            paramLabel = "NAME",
            description =
                    "What the key is called, 1 to 250 bytes. Refused where there is a key of that name: pg_tde uses "
                            + "neither of two.")
    @Nullable
    String name;

    @Option(
            names = "--activate",
            description = "Activate it, for Encrypt and Decrypt at the server; pg_tde needs no such thing.")
    boolean activate;

    @Option(names = "--dry-run", description = "Print the plan and make nothing.")
    boolean dryRun;

    @Option(names = "--json", description = "Report as one JSON object; never with the key's bytes.")
    boolean json;

    String name() {
        return name == null ? "" : name;
    }

    Then then() {
        return activate ? Then.ACTIVATE : Then.LEAVE;
    }

    Mode mode() {
        return dryRun ? Mode.PLAN : Mode.RUN;
    }

    ExitCode tell(Workbench bench, KmipService service, Made made) {
        if (json) {
            bench.console().out().println(json(service, made));
        } else {
            print(bench.console().out(), service, made);
        }
        return made.twins().isEmpty() ? ExitCode.DONE : ExitCode.KEYS;
    }

    private static void print(PrintStream out, KmipService service, Made made) {
        Entry entry = made.entry();
        if (entry == null) {
            out.println("to be made at provider " + service.provider() + ": AES " + made.bits() + ", named \""
                    + Printable.of(made.name()) + "\", "
                    + (made.then() == Then.ACTIVATE ? "activated" : "left Pre-Active, as pg_tde leaves its keys"));
        } else {
            KmipKeyText.print(out, entry);
        }
        if (made.checkValue() != null) {
            KmipKeyText.line(out, "check value", made.checkValue().toString());
        }
        if (!made.twins().isEmpty()) {
            out.println("another key of that name was made at the same time: " + made.twins()
                    + "; pg_tde uses neither until one is destroyed");
        }
    }

    private static JsonObject json(KmipService service, Made made) {
        JsonObject json = new JsonObject();
        json.addProperty("provider", service.provider());
        json.addProperty("done", made.entry() != null);
        json.addProperty("name", made.name());
        json.addProperty("bits", made.bits());
        json.add("key", KmipKeyText.json(made.entry()));
        json.addProperty(
                "checkValue",
                made.checkValue() == null ? null : made.checkValue().toString());
        JsonArray twins = new JsonArray();
        made.twins().forEach(twin -> twins.add(twin.value()));
        json.add("othersOfThatName", twins);
        return json;
    }
}
