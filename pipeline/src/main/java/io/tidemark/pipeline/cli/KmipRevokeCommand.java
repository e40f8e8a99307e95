package io.tidemark.pipeline.cli;

import io.tidemark.kmip.message.operation.Revoke;
import io.tidemark.pipeline.care.kmip.KeyChange;
import io.tidemark.pipeline.care.kmip.KeyLookup;
import io.tidemark.pipeline.care.kmip.KeyLookup.Choice;
import io.tidemark.pipeline.care.kmip.KmipService;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;

/** {@code kmip revoke}. */
@Command(
        name = "revoke",
        description =
                "Takes a key out of use for good: it becomes deactivated, or compromised. Servers may then refuse to give it "
                        + "out, and a running pg_tde that needs it stops. Asks first.",
        footer = {
            "tidemark kmip revoke --name tidemark-2024 --reason superseded --dry-run",
            "tidemark kmip revoke --name tidemark-2024 --reason superseded --yes"
        })
final class KmipRevokeCommand implements Verb {
    @Mixin
    KmipServerOption server = new KmipServerOption();

    @Mixin
    KmipKeyOption key = new KmipKeyOption();

    @Option(
            names = "--reason",
            required = true,
            paramLabel = "REASON",
            description =
                    "unspecified, key-compromise, ca-compromise, affiliation-changed, superseded, cessation-of-operation, "
                            + "privilege-withdrawn.")
    @Nullable
    String reason;

    @Option(names = "--message", paramLabel = "TEXT", description = "A remark for the server's records.")
    String message = "";

    @Mixin
    KmipPlanOption plan = new KmipPlanOption();

    @Option(names = "--json", description = "Report as one JSON object.")
    boolean json;

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        plan.require("kmip revoke");
        Choice choice = key.choice("kmip revoke");
        Revoke.Reason why = KmipWords.parse("--reason", Revoke.Reason.values(), reason == null ? "" : reason);
        KmipService service = server.service(bench);
        KeyLookup lookup = new KeyLookup(service);
        KmipChangeText text = new KmipChangeText(service, "revoked", consequences(why));
        return lookup.one(choice).flatMap(entry -> {
            KmipPlanOption.requireNoRecipient(bench, service.provider(), entry, "kmip revoke");
            if (!plan.yes) {
                text.plan(bench.console(), json, entry);
                return Mono.fromCallable(() -> plan.asked("kmip revoke"));
            }
            return new KeyChange(service, lookup).revoke(entry, why, message).map(changed -> {
                text.outcome(bench.console(), json, changed);
                return ExitCode.DONE;
            });
        });
    }

    private static List<String> consequences(Revoke.Reason why) {
        boolean compromise = why == Revoke.Reason.KEY_COMPROMISE || why == Revoke.Reason.CA_COMPROMISE;
        return List.of(
                "it becomes " + (compromise ? "Compromised" : "Deactivated") + ", and no command makes it active again",
                "servers may refuse it to Get from then on (Cosmian KMS does for deactivated keys): a pg_tde cluster that",
                "uses it does not start any more, nor does one that is restored from a backup made under it",
                "it is not destroyed: what it opens can still be opened where the server exports it");
    }
}
