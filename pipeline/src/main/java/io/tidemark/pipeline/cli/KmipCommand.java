package io.tidemark.pipeline.cli;

import picocli.CommandLine.Command;

/** {@code kmip}: key servers that speak KMIP. */
@Command(
        name = "kmip",
        description = "Key servers that speak KMIP: what they are sent and what they send.",
        subcommands = {KmipDecodeCommand.class})
final class KmipCommand {}
