package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.care.kmip.ServerDiagnosis;
import io.tidemark.pipeline.care.kmip.ServerDiagnosis.Host;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;

/** {@code kmip query}: what is wrong with a key service, in one line a host. */
@Command(
        name = "query",
        description =
                "Says of each host of a key service, in one line, whether it can be used: versions, vendor, as whom it knows "
                        + "us, how long the certificates of both sides are good, how long it took; or which check failed. Exit 5 where "
                        + "a host cannot be used, or a certificate is over.",
        footer = {"tidemark kmip query", "tidemark kmip query --provider kms --detail", "tidemark kmip query --json"})
final class KmipQueryCommand implements Verb {
    @Mixin
    KmipServerOption server = new KmipServerOption();

    @Option(
            names = "--detail",
            description =
                    "Also address, TLS version and cipher suite, operations and types, both certificates, the time of "
                            + "each step.")
    boolean detail;

    @Option(names = "--json", description = "One JSON object a host and line, with all of it.")
    boolean json;

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        return new ServerDiagnosis(server.service(bench)).hosts().reduce(ExitCode.DONE, (worst, host) -> {
            Instant now = bench.clock().instant();
            if (json) {
                bench.console().out().println(KmipHostJson.of(host, now));
            } else {
                new KmipHostText(host, now).print(bench.console().out(), detail);
            }
            return KeysStatusCommand.worse(worst, code(host, now));
        });
    }

    /** A server that does not mind an expired certificate of ours will, when it is started anew. */
    private static ExitCode code(Host host, Instant now) {
        ServerDiagnosis.Found found = host.found();
        boolean good = found != null
                && found.report().serverCertificates().stream()
                        .noneMatch(one -> one.left(now).isNegative())
                && (host.ours() == null || !host.ours().left(now).isNegative());
        return good ? ExitCode.DONE : ExitCode.KEYS;
    }
}
