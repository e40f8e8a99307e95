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

/** {@code kmip activate}. */
@Command(
        name = "activate",
        description =
                "Makes a pre-active key active, so that the server encrypts and decrypts with it. pg_tde does not need it and "
                        + "is not disturbed by it. An active key is revoked before it can be destroyed.",
        footer = {"tidemark kmip activate --name tidemark-prod"})
final class KmipActivateCommand implements Verb {
    @Mixin
    KmipServerOption server = new KmipServerOption();

    @Mixin
    KmipKeyOption key = new KmipKeyOption();

    @Option(names = "--dry-run", description = "Print the plan and change nothing.")
    boolean dryRun;

    @Option(names = "--json", description = "Report as one JSON object.")
    boolean json;

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        Choice choice = key.choice("kmip activate");
        KmipService service = server.service(bench);
        KeyLookup lookup = new KeyLookup(service);
        KmipChangeText text = new KmipChangeText(
                service, "activated", List.of("it can be used for Encrypt and Decrypt then; pg_tde goes on as before"));
        return lookup.one(choice).flatMap(entry -> {
            if (dryRun) {
                text.plan(bench.console(), json, entry);
                return Mono.just(ExitCode.DONE);
            }
            return new KeyChange(service, lookup).activate(entry).map(changed -> {
                text.outcome(bench.console(), json, changed);
                return ExitCode.DONE;
            });
        });
    }
}
