package io.tidemark.pipeline.cli;

import picocli.CommandLine.Command;

/** {@code kmip}: key servers that speak KMIP. There is no {@code rekey}: it gives the name to another key, and pg_tde looks by name. */
@Command(
        name = "kmip",
        description =
                "Key servers that speak KMIP: what they are, which keys they have for us, what they are sent and send.",
        subcommands = {
            KmipQueryCommand.class,
            KmipLocateCommand.class,
            KmipGetCommand.class,
            KmipExportCommand.class,
            KmipCreateCommand.class,
            KmipRegisterCommand.class,
            KmipActivateCommand.class,
            KmipRevokeCommand.class,
            KmipDestroyCommand.class,
            KmipDecodeCommand.class
        })
final class KmipCommand {}
