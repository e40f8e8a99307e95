package io.tidemark.pipeline.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.tidemark.crypto.keyset.Generation;
import io.tidemark.pipeline.care.keyset.KeysetStatus;
import io.tidemark.pipeline.catalog.UtcTime;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.keys.GenerationProblem;
import io.tidemark.pipeline.keys.GenerationStatus;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;

/** {@code keys status}: which generations there are, which counts, who can open it. */
@Command(
        name = "status",
        description =
                "The keyset generations of each repository: which counts, who can open it, and what does not count and why.",
        footer = "tidemark keys status --json")
final class KeysStatusCommand implements Verb {
    @Option(names = "--json", description = "One JSON object a repository and line.")
    boolean json;

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        ClusterSettings cluster = bench.cluster();
        return new KeysetStatus(bench.keysets(cluster))
                .of(KeysCommand.roots(bench, cluster))
                .collectList()
                .map(roots -> {
                    ExitCode worst = ExitCode.DONE;
                    int newest = roots.stream()
                            .mapToInt(KeysetStatus.Root::used)
                            .max()
                            .orElse(0);
                    for (KeysetStatus.Root root : roots) {
                        if (json) {
                            bench.console().out().println(json(root));
                        } else {
                            print(bench.console().out(), root, newest);
                        }
                        worst = worse(worst, code(root, newest));
                    }
                    return worst;
                });
    }

    private static ExitCode code(KeysetStatus.Root root, int newest) {
        Throwable failure = root.failure();
        if (failure != null) {
            return ExitCode.of(failure);
        }
        boolean bad = root.generations().stream().anyMatch(KeysStatusCommand::isBad)
                || !root.problems().isEmpty()
                || root.remembered() > root.used()
                || root.used() < newest;
        return bad ? ExitCode.INTEGRITY : ExitCode.DONE;
    }

    /** A lower generation that was made for other recipients is nothing to worry about. */
    private static boolean isBad(GenerationStatus status) {
        GenerationProblem problem = status.problem();
        if (problem == null) {
            return false;
        }
        return switch (problem.kind()) {
            case DAMAGED, OTHER_CLUSTER, OTHER_ROOT, NOT_READABLE, TOO_FAR -> true;
            case NOT_A_RECIPIENT, OTHER_KEY, ROOT_NOT_KNOWN -> false;
        };
    }

    /** The first failure stands; anything stands above none. */
    static ExitCode worse(ExitCode before, ExitCode now) {
        return before == ExitCode.DONE ? now : before;
    }

    private static void print(PrintStream out, KeysetStatus.Root root, int newest) {
        out.println("repository \"" + root.name() + "\"  " + Printable.of(root.location()));
        if (root.uuid() != null) {
            out.println("  cluster     " + root.uuid());
        }
        if (root.root() != null) {
            out.println("  root        " + root.root());
        }
        if (root.used() > 0) {
            out.println("  used        generation " + root.used() + ", opened by " + root.openedBy());
        }
        for (GenerationStatus status : root.generations()) {
            out.println("  generation  " + status.number() + "  " + text(status));
            Generation generation = status.generation();
            if (generation != null && status.number() == root.used()) {
                generation
                        .recipients()
                        .forEach(recipient -> out.println("    opened by " + RecoverySheet.describe(recipient)));
            }
        }
        Throwable failure = root.failure();
        if (failure != null) {
            out.println("  " + Printable.of(InfoText.message(failure)));
        } else if (root.remembered() > root.used()) {
            out.println("  this node has used generation " + root.remembered()
                    + ": a higher one was deleted or rolled back");
        } else if (root.used() < newest) {
            out.println("  another repository has generation " + newest + ": `tidemark keys rotate` completes it");
        }
    }

    private static String text(GenerationStatus status) {
        Generation generation = status.generation();
        GenerationProblem problem = status.problem();
        return generation == null
                ? "does not count: " + Printable.of(problem == null ? "" : problem.what())
                : status.keys() + (status.keys() == 1 ? " key" : " keys") + ", made "
                        + UtcTime.format(generation.created());
    }

    private static JsonObject json(KeysetStatus.Root root) {
        JsonObject json = new JsonObject();
        json.addProperty("repository", root.name());
        json.addProperty("location", root.location());
        json.addProperty("cluster", root.uuid());
        json.addProperty("root", root.root());
        json.addProperty("used", root.used());
        json.addProperty("remembered", root.remembered());
        json.add("generations", generations(root.generations()));
        Throwable failure = root.failure();
        if (failure != null) {
            json.addProperty("error", String.valueOf(failure.getMessage()));
        }
        return json;
    }

    private static JsonArray generations(List<GenerationStatus> statuses) {
        JsonArray all = new JsonArray();
        for (GenerationStatus status : statuses) {
            JsonObject one = new JsonObject();
            one.addProperty("generation", status.number());
            Generation generation = status.generation();
            GenerationProblem problem = status.problem();
            if (generation != null) {
                one.addProperty("keys", status.keys());
                one.addProperty("created", UtcTime.format(generation.created()));
                one.addProperty("commitment", generation.commitment());
                one.add("recipients", RecoverySheet.json(generation.recipients()));
            } else if (problem != null) {
                one.addProperty("problem", problem.kind().name().toLowerCase(Locale.ROOT));
                one.addProperty("what", problem.what());
            }
            all.add(one);
        }
        return all;
    }
}
