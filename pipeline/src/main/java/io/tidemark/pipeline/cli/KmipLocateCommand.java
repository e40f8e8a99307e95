package io.tidemark.pipeline.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.tidemark.kmip.message.attribute.ObjectType;
import io.tidemark.kmip.message.attribute.State;
import io.tidemark.pipeline.care.kmip.KeyLookup;
import io.tidemark.pipeline.care.kmip.KeyLookup.Criteria;
import io.tidemark.pipeline.care.kmip.KeyLookup.Entry;
import io.tidemark.pipeline.care.kmip.KeyLookup.Hits;
import io.tidemark.pipeline.care.kmip.KmipService;
import io.tidemark.pipeline.config.UsageError;
import java.io.PrintStream;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;

/** {@code kmip locate}: which keys the server has for us. */
@Command(
        name = "locate",
        description =
                "The keys that the server has for us, with identifier, state, algorithm, length and name. Keys of other "
                        + "owners are not shown by any server. Exit 5 where --name finds none.",
        footer = {"tidemark kmip locate", "tidemark kmip locate --name tidemark-prod --json"})
final class KmipLocateCommand implements Verb {
    private static final int MOST = 1000;

    @Mixin
    KmipServerOption server = new KmipServerOption();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Only those of exactly this name, of which 250 bytes count, as with pg_tde.")
    @Nullable
    String name;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description =
                    "Only those in this state: pre-active (as pg_tde leaves its keys), active, deactivated, compromised, "
                            + "destroyed, destroyed-compromised.")
    @Nullable
    String state;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "Only objects of this type: symmetric-key, secret-data, certificate, private-key and so on.")
    @Nullable
    String type;

    @Option(names = "--max", paramLabel = "N", description = "How many at most, 1 to 1000; 100 where it is left out.")
    int most = 100;

    @Option(names = "--json", description = "Report as one JSON object.")
    boolean json;

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        if (most < 1 || most > MOST) {
            throw new UsageError("--max: expected 1 to " + MOST);
        }
        Criteria criteria = new Criteria(
                name,
                state == null ? null : KmipWords.parse("--state", State.values(), state),
                type == null ? null : KmipWords.parse("--type", ObjectType.values(), type),
                most);
        KmipService service = server.service(bench);
        return new KeyLookup(service).locate(criteria).map(hits -> {
            if (json) {
                bench.console().out().println(json(service, hits));
            } else {
                print(bench.console().out(), hits);
            }
            return name != null && hits.entries().isEmpty() ? ExitCode.KEYS : ExitCode.DONE;
        });
    }

    private static void print(PrintStream out, Hits hits) {
        if (hits.entries().isEmpty()) {
            out.println("no key: none that fits belongs to " + hits.ours());
            out.println("keys of another owner look like none: is it the certificate that made the key?");
            return;
        }
        int ids = width(hits, "IDENTIFIER", entry -> entry.id().toString());
        int states = width(hits, "STATE", entry -> KmipWords.of(entry.state()));
        int keys = width(hits, "KEY", KmipLocateCommand::kind);
        row(out, ids, "IDENTIFIER", states, "STATE", keys, "KEY", "NAME");
        for (Entry entry : hits.entries()) {
            row(
                    out,
                    ids,
                    entry.id().toString(),
                    states,
                    KmipWords.of(entry.state()),
                    keys,
                    kind(entry),
                    KmipKeyText.names(entry));
        }
        if (hits.completeness() == Hits.Completeness.PERHAPS_MORE) {
            out.println(hits.entries().size() + ", as many as were asked for: there may be more (--max)");
        }
    }

    /** The algorithm of a key, the type of anything else. */
    private static String kind(Entry entry) {
        return entry.type() == null || entry.type() == ObjectType.SYMMETRIC_KEY
                ? KmipKeyText.algorithm(entry)
                : KmipWords.of(entry.type());
    }

    private static int width(Hits hits, String title, Function<Entry, String> column) {
        return hits.entries().stream()
                .mapToInt(entry -> Printable.of(column.apply(entry)).length())
                .reduce(title.length(), Math::max);
    }

    private static void row(
            PrintStream out, int ids, String id, int states, String state, int keys, String key, String name) {
        out.println(padded(id, ids) + padded(state, states) + padded(key, keys) + Printable.of(name));
    }

    private static String padded(String text, int width) {
        String shown = Printable.of(text);
        return shown + " ".repeat(width - shown.length() + 2);
    }

    private static JsonObject json(KmipService service, Hits hits) {
        JsonObject json = new JsonObject();
        json.addProperty("provider", service.provider());
        JsonArray keys = new JsonArray();
        hits.entries().forEach(entry -> keys.add(KmipKeyText.json(entry)));
        json.add("keys", keys);
        json.addProperty("perhapsMore", hits.completeness() == Hits.Completeness.PERHAPS_MORE);
        json.addProperty("askedAs", hits.ours());
        return json;
    }
}
