package io.tidemark.pipeline.cli;

import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.pipeline.care.kmip.KeyLookup.Choice;
import io.tidemark.pipeline.config.UsageError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which key is meant. */
final class KmipKeyOption {
    @Parameters(
            arity = "0..1",
            paramLabel = "ID",
            description = "The key's unique identifier; may be left out with --name.")
    @Nullable
    String id;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "The key's name instead, as pg_tde knows it. Several keys of a name are an error.")
    @Nullable
    String name;

    Choice choice(String command) {
        String given = id;
        String named = name;
        if (given != null && named == null) {
            try {
                return Choice.byId(new UniqueIdentifier(given));
            } catch (IllegalArgumentException e) {
                throw new UsageError(command + ": " + e.getMessage(), e);
            }
        }
        if (given == null && named != null && !named.isEmpty()) {
            return Choice.byName(named);
        }
        throw new UsageError(command + " needs either the key's ID or --name NAME", "tidemark kmip locate shows both");
    }
}
