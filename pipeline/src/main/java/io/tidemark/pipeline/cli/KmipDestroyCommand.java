package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.care.kmip.KeyChange;
import io.tidemark.pipeline.care.kmip.KeyLookup;
import io.tidemark.pipeline.care.kmip.KeyLookup.Choice;
import io.tidemark.pipeline.care.kmip.KmipService;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;

/** {@code kmip destroy}. */
@Command(
        name = "destroy",
        description =
                "Destroys a key for good. What only it opens can never be opened again: pg_tde's tables and WAL, the backups of "
                        + "them, repositories without another recipient. Asks first.",
        footer = {
            "tidemark kmip destroy 6b7fd2ae-7f5a-4f0e-b0f9-2f0a8f5b1a11 --dry-run",
            "tidemark kmip destroy 6b7fd2ae-7f5a-4f0e-b0f9-2f0a8f5b1a11 --yes"
        })
final class KmipDestroyCommand implements Verb {
    private static final List<String> CONSEQUENCES = List.of(
            "nobody can bring it back, and nobody can make it anew: only a backup of the server itself may still have it",
            "what it alone opens is lost with it: pg_tde's tables and WAL under it, every backup of them however old, and",
            "repositories whose keyset has no other recipient and no recovery key",
            "servers refuse it for an active key: that one is revoked first");

    @Mixin
    KmipServerOption server = new KmipServerOption();

    @Mixin
    KmipKeyOption key = new KmipKeyOption();

    @Mixin
    KmipPlanOption plan = new KmipPlanOption();

    @Option(names = "--json", description = "Report as one JSON object.")
    boolean json;

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        plan.require("kmip destroy");
        Choice choice = key.choice("kmip destroy");
        KmipService service = server.service(bench);
        KeyLookup lookup = new KeyLookup(service);
        KmipChangeText text = new KmipChangeText(service, "destroyed", CONSEQUENCES);
        return lookup.one(choice).flatMap(entry -> {
            KmipPlanOption.requireNoRecipient(bench, service.provider(), entry, "kmip destroy");
            if (!plan.yes) {
                text.plan(bench.console(), json, entry);
                return Mono.fromCallable(() -> plan.asked("kmip destroy"));
            }
            return new KeyChange(service, lookup).destroy(entry).map(changed -> {
                text.outcome(bench.console(), json, changed);
                return ExitCode.DONE;
            });
        });
    }
}
