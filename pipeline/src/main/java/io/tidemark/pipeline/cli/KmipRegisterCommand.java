package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.care.kmip.KeyLookup;
import io.tidemark.pipeline.care.kmip.KeyMaking;
import io.tidemark.pipeline.care.kmip.KmipService;
import io.tidemark.pipeline.config.UsageError;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;

/** {@code kmip register}: brings a key to the server. */
@Command(
        name = "register",
        description =
                "Brings a key that you have in a file to the server, as pg_tde brings its own. The file may be read by its "
                        + "owner only.",
        footer = {"tidemark kmip register --name pg-principal --key-file /root/pg-principal.key"})
final class KmipRegisterCommand implements Verb {
    @Mixin
    KmipMadeText made = new KmipMadeText();

    @Option(
            names = "--key-file",
            required = true,
            paramLabel = "FILE",
            description = "16 or 32 bytes, or their 32 or 64 hexadecimal digits.")
    @Nullable
    Path keyFile;

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        Path given = keyFile;
        if (given == null) {
            throw new UsageError("kmip register needs --key-file FILE");
        }
        KmipService service = made.server.service(bench);
        return new KeyMaking(service, new KeyLookup(service), bench.files())
                .register(made.name(), bench.workingDirectory().resolve(given).normalize(), made.then(), made.mode())
                .map(key -> made.tell(bench, service, key));
    }
}
