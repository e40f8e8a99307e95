package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.care.kmip.KeyFetch.How;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import reactor.core.publisher.Mono;

/** {@code kmip export}: the way to a key that was revoked. */
@Command(
        name = "export",
        description =
                "Fetches a key by KMIP 2.1's Export, which gives out a deactivated key too where Get does not (Cosmian KMS); "
                        + "not every server has it. Shows what kmip get shows.",
        footer = {"tidemark kmip export --name revoked-by-mistake --reveal /root/revoked-by-mistake.key"})
final class KmipExportCommand implements Verb {
    @Mixin
    KmipFetchText fetch = new KmipFetchText();

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        return fetch.run(bench, "kmip export", How.EXPORT);
    }
}
