package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.care.keyset.KeyRoot;
import io.tidemark.pipeline.config.ClusterSettings;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code keys}: the sealing keyset of a cluster. */
@Command(
        name = "keys",
        description = "The sealing keyset of a cluster: who can open it, a new key, old generations, the recovery key.",
        subcommands = {
            KeysStatusCommand.class,
            KeysRotateCommand.class,
            KeysRecipientsCommand.class,
            KeysPruneCommand.class,
            KeysRecoveryKeyCommand.class
        })
final class KeysCommand {
    /** All repositories of the cluster, required ones first. */
    static List<KeyRoot> roots(Workbench bench, ClusterSettings cluster) {
        return bench.configuration().repositories(List.of()).stream()
                .map(repository ->
                        new KeyRoot(repository.name(), repository.requirement(), bench.store(cluster, repository)))
                .toList();
    }
}
