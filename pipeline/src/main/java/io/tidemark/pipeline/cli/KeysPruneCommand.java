package io.tidemark.pipeline.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.tidemark.pipeline.care.keyset.KeyRoot;
import io.tidemark.pipeline.care.keyset.KeysetPruning;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.UsageError;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;

/** {@code keys prune}: generations below the one that counts are deleted. */
@Command(
        name = "prune",
        description =
                "Deletes keyset generations below the one that counts, when all repositories have that one. It takes no key "
                        + "out of the keyset and seals nothing anew.",
        footer = {"tidemark keys prune --dry-run", "tidemark keys prune --yes"})
final class KeysPruneCommand implements Verb {
    @Option(names = "--yes", description = "Delete what the plan says.")
    boolean yes;

    @Option(names = "--dry-run", description = "Print the plan and delete nothing.")
    boolean dryRun;

    @Option(names = "--json", description = "Report as one JSON object.")
    boolean json;

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        if (yes && dryRun) {
            throw new UsageError("keys prune: either --yes or --dry-run");
        }
        ClusterSettings cluster = bench.cluster();
        List<KeyRoot> roots = KeysCommand.roots(bench, cluster);
        KeysetPruning pruning = new KeysetPruning(bench.keysets(cluster));
        return (yes ? pruning.run(roots) : pruning.plan(roots)).map(pruned -> {
            if (json) {
                bench.console().out().println(json(pruned));
            } else {
                print(bench.console().out(), pruned);
            }
            if (!yes && !dryRun && !pruned.deletions().isEmpty()) {
                throw new UsageError(
                        "nothing was deleted: keys prune asks first", "say --yes to delete what is listed");
            }
            return ExitCode.DONE;
        });
    }

    private void print(PrintStream out, KeysetPruning.Pruned pruned) {
        if (pruned.deletions().isEmpty()) {
            out.println("nothing to prune: generation " + pruned.kept() + " is the only one");
            return;
        }
        for (KeysetPruning.Deletion deletion : pruned.deletions()) {
            out.println((yes ? "deleted " : "to delete ") + "generation " + deletion.generation() + " in repository \""
                    + deletion.repository() + "\"");
        }
        out.println("kept generation " + pruned.kept());
        out.println(
                "a recipient that is in older generations only could open the keyset until now, and anything it copied");
        out.println("it can open for ever: no key was taken out of the keyset, and no object was sealed anew");
    }

    private JsonObject json(KeysetPruning.Pruned pruned) {
        JsonObject json = new JsonObject();
        json.addProperty("deleted", yes);
        json.addProperty("kept", pruned.kept());
        JsonArray deletions = new JsonArray();
        for (KeysetPruning.Deletion deletion : pruned.deletions()) {
            JsonObject one = new JsonObject();
            one.addProperty("repository", deletion.repository());
            one.addProperty("generation", deletion.generation());
            deletions.add(one);
        }
        json.add("generations", deletions);
        return json;
    }
}
