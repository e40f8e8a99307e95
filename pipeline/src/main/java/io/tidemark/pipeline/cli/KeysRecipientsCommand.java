package io.tidemark.pipeline.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.tidemark.crypto.keyset.Generation;
import io.tidemark.crypto.keyset.Recipient;
import io.tidemark.pipeline.care.keyset.KeysetStatus;
import io.tidemark.pipeline.care.keyset.RecipientStandings;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.keys.GenerationStatus;
import io.tidemark.pipeline.keys.RecipientChoice;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;

/** {@code keys recipients}: who can open the keyset, and whether that is who is configured. */
@Command(
        name = "recipients",
        description =
                "Who can open the keyset of each repository, generation by generation, and whether keys.recipients names the "
                        + "same. To change it: edit keys.recipients, then `tidemark keys rotate`.",
        footer = "tidemark keys recipients --json")
final class KeysRecipientsCommand implements Verb {
    @Option(names = "--json", description = "One JSON object a repository and line.")
    boolean json;

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        ClusterSettings cluster = bench.cluster();
        return bench.keys()
                .recipients()
                .map(RecipientStandings::new)
                .flatMapMany(standings -> new KeysetStatus(bench.keysets(cluster))
                        .of(KeysCommand.roots(bench, cluster))
                        .concatMap(root -> standings.among(used(root)).map(found -> told(bench, root, found)), 1))
                .reduce(ExitCode.DONE, KeysStatusCommand::worse);
    }

    /** Of the generation that counts; none where none does. */
    private static List<Recipient> used(KeysetStatus.Root root) {
        return root.generations().stream()
                .filter(status -> status.number() == root.used())
                .map(GenerationStatus::generation)
                .flatMap(generation -> generation == null ? Stream.empty() : generation.recipients().stream())
                .toList();
    }

    private ExitCode told(Workbench bench, KeysetStatus.Root root, List<RecipientStandings.Standing> standings) {
        if (json) {
            bench.console().out().println(json(root, standings));
        } else {
            print(bench.console().out(), root, standings);
        }
        Throwable failure = root.failure();
        ExitCode worst = failure == null ? ExitCode.DONE : ExitCode.of(failure);
        for (RecipientStandings.Standing standing : standings) {
            Throwable unknown = standing.failure();
            worst = unknown == null ? worst : KeysStatusCommand.worse(worst, ExitCode.of(unknown));
        }
        return worst;
    }

    private static void print(PrintStream out, KeysetStatus.Root root, List<RecipientStandings.Standing> standings) {
        out.println("repository \"" + root.name() + "\"  " + Printable.of(root.location()));
        Throwable failure = root.failure();
        if (failure != null) {
            out.println("  " + Printable.of(InfoText.message(failure)));
            return;
        }
        for (GenerationStatus status : root.generations()) {
            Generation generation = status.generation();
            if (generation != null) {
                boolean counts = status.number() == root.used();
                out.println("  generation " + status.number()
                        + (counts ? ", which counts" : ", until `tidemark keys prune` deletes it"));
                generation
                        .recipients()
                        .forEach(recipient -> out.println("    opened by " + RecoverySheet.describe(recipient)));
            }
        }
        for (RecipientStandings.Standing standing : standings) {
            out.println("  configured " + Printable.of(standing.described()) + ": " + text(standing));
        }
    }

    private static String text(RecipientStandings.Standing standing) {
        RecipientChoice.Standing found = standing.standing();
        Throwable failure = standing.failure();
        if (found == null) {
            return "cannot be had" + (failure == null ? "" : ": " + Printable.of(InfoText.message(failure)));
        }
        return switch (found) {
            case RECIPIENT -> "can open it";
            case OTHER_KEY -> "CANNOT open it: its recipient of that name has another key";
            case ABSENT -> "CANNOT open it: `tidemark keys rotate` brings it in";
        };
    }

    private static JsonObject json(KeysetStatus.Root root, List<RecipientStandings.Standing> standings) {
        JsonObject json = new JsonObject();
        json.addProperty("repository", root.name());
        json.addProperty("location", root.location());
        json.addProperty("used", root.used());
        JsonArray generations = new JsonArray();
        for (GenerationStatus status : root.generations()) {
            Generation generation = status.generation();
            if (generation != null) {
                JsonObject one = new JsonObject();
                one.addProperty("generation", status.number());
                one.add("recipients", RecoverySheet.json(generation.recipients()));
                generations.add(one);
            }
        }
        json.add("generations", generations);
        JsonArray configured = new JsonArray();
        for (RecipientStandings.Standing standing : standings) {
            configured.add(json(standing));
        }
        json.add("configured", configured);
        Throwable failure = root.failure();
        if (failure != null) {
            json.addProperty("error", String.valueOf(failure.getMessage()));
        }
        return json;
    }

    private static JsonObject json(RecipientStandings.Standing standing) {
        JsonObject one = new JsonObject();
        one.addProperty("recipient", standing.described());
        RecipientChoice.Standing found = standing.standing();
        one.addProperty(
                "standing",
                found == null
                        ? "unknown"
                        : found.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        Throwable failure = standing.failure();
        if (failure != null) {
            one.addProperty("error", String.valueOf(failure.getMessage()));
        }
        return one;
    }
}
