package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.care.kmip.KeyLookup;
import io.tidemark.pipeline.care.kmip.KeyMaking;
import io.tidemark.pipeline.care.kmip.KmipService;
import io.tidemark.pipeline.config.UsageError;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;

/** {@code kmip create}: the server makes a key. */
@Command(
        name = "create",
        description = "Has the server make a key, to encrypt and decrypt, which never was anywhere else.",
        footer = {
            "tidemark kmip create --name tidemark-prod --activate",
            "tidemark kmip create --name pg-principal --length 128 --dry-run"
        })
final class KmipCreateCommand implements Verb {
    private static final int SHORT_BITS = 128;
    private static final int LONG_BITS = 256;

    @Mixin
    KmipMadeText made = new KmipMadeText();

    @Option(names = "--algorithm", paramLabel = "NAME", description = "aes, which is all that there is.")
    String algorithm = "aes";

    @Option(names = "--length", paramLabel = "BITS", description = "128 or 256; 256 where it is left out.")
    int length = LONG_BITS;

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        if (!algorithm.toLowerCase(Locale.ROOT).equals("aes")) {
            throw new UsageError("--algorithm: expected aes");
        }
        if (length != SHORT_BITS && length != LONG_BITS) {
            throw new UsageError("--length: expected 128 or 256, the lengths that pg_tde and Tidemark use");
        }
        KmipService service = made.server.service(bench);
        return new KeyMaking(service, new KeyLookup(service), bench.files())
                .create(made.name(), length, made.then(), made.mode())
                .map(key -> made.tell(bench, service, key));
    }
}
