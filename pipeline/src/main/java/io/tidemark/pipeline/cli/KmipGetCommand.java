package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.care.kmip.KeyFetch.How;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import reactor.core.publisher.Mono;

/** {@code kmip get}: fetches a key as pg_tde does. */
@Command(
        name = "get",
        description =
                "Fetches a key, as pg_tde does, and shows what it is and its check value, by which two keys are compared "
                        + "without being seen. Where the server refuses it for its state, kmip export may still have it.",
        footer = {
            "tidemark kmip get --name tidemark-prod",
            "tidemark kmip get 6b7fd2ae-7f5a-4f0e-b0f9-2f0a8f5b1a11 --reveal /root/tidemark-prod.key"
        })
final class KmipGetCommand implements Verb {
    @Mixin
    KmipFetchText fetch = new KmipFetchText();

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        return fetch.run(bench, "kmip get", How.GET);
    }
}
