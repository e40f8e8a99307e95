package io.tidemark.pipeline.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.tidemark.pipeline.care.keyset.KeysetRotation;
import io.tidemark.pipeline.care.keyset.RotationReport;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.keys.GenerationMaker;
import java.io.PrintStream;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;

/** {@code keys rotate}: a new sealing key for what is archived from now on. */
@Command(
        name = "rotate",
        description =
                "Gives the cluster a new sealing key, encrypted to the recipients that are configured now. Old keys stay: "
                        + "they open what they sealed.",
        footer = "tidemark keys rotate --cluster prod")
final class KeysRotateCommand implements Verb {
    @Option(
            names = "--without-recovery-key",
            description = "Go on although the new generation has no recovery key and the last one had.")
    boolean withoutRecoveryKey;

    @Option(
            names = "--create-keys",
            description = "Have the keys made that keys.recipients names and that their servers do not have yet.")
    boolean createKeys;

    @Option(names = "--json", description = "Report as one JSON object.")
    boolean json;

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        ClusterSettings cluster = bench.cluster();
        return (createKeys ? CreatedKeys.tell(bench) : Mono.empty())
                .then(Mono.defer(() -> bench.keys().recipients()))
                .flatMap(recipients -> new KeysetRotation(
                                bench.keysets(cluster), new GenerationMaker(recipients, bench.clock(), bench.cpu()))
                        .run(
                                KeysCommand.roots(bench, cluster),
                                Recovery.key(withoutRecoveryKey ? Recovery.Said.WITHOUT : Recovery.Said.NOTHING)))
                .map(report -> {
                    if (json) {
                        bench.console().out().println(json(report));
                    } else {
                        print(bench.console().out(), report);
                    }
                    return report.behind().isEmpty() ? ExitCode.DONE : ExitCode.STORE;
                });
    }

    private static void print(PrintStream out, RotationReport report) {
        switch (report.outcome()) {
            case ROTATED ->
                out.println("keyset generation " + report.generation() + " made: " + report.keys()
                        + " keys, the newest seals from now on");
            case COMPLETED ->
                out.println("keyset generation " + report.generation()
                        + " had not reached every repository: it has now, and no further key was made");
        }
        report.recipients().forEach(recipient -> out.println("opened by " + RecoverySheet.describe(recipient)));
        for (RotationReport.Behind behind : report.behind()) {
            out.println("repository \"" + behind.repository() + "\" stays behind: " + Printable.of(behind.why()));
        }
        out.println("a retired key still opens what it sealed: after a compromise this is not enough");
    }

    private static JsonObject json(RotationReport report) {
        JsonObject json = new JsonObject();
        json.addProperty("outcome", report.outcome().name().toLowerCase(Locale.ROOT));
        json.addProperty("generation", report.generation());
        json.addProperty("keys", report.keys());
        json.add("recipients", RecoverySheet.json(report.recipients()));
        JsonArray behind = new JsonArray();
        for (RotationReport.Behind one : report.behind()) {
            JsonObject item = new JsonObject();
            item.addProperty("repository", one.repository());
            item.addProperty("why", one.why());
            behind.add(item);
        }
        json.add("behind", behind);
        return json;
    }
}
