package io.tidemark.pipeline.cli;

import io.tidemark.kmip.KmipException;
import io.tidemark.pipeline.care.kmip.KeyLookup.Entry;
import io.tidemark.pipeline.config.RecipientSettings;
import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.config.UsageError;
import picocli.CommandLine.Option;

/** Whether it is done: what takes a key out of use asks first. */
final class KmipPlanOption {
    @Option(names = "--yes", description = "Do what the plan says.")
    boolean yes;

    @Option(names = "--dry-run", description = "Print the plan and change nothing.")
    boolean dryRun;

    void require(String command) {
        if (yes && dryRun) {
            throw new UsageError(command + ": either --yes or --dry-run");
        }
    }

    /** After the plan was printed. */
    ExitCode asked(String command) {
        if (!dryRun) {
            throw new UsageError(
                    "nothing was changed: " + command + " asks first", "say --yes to do what the plan says");
        }
        return ExitCode.DONE;
    }

    /** A key by which this configuration opens its own repositories is not taken out of use by this hand. */
    static void requireNoRecipient(Workbench bench, String provider, Entry key, String command) {
        for (RecipientSettings recipient : bench.configuration().keys().recipients()) {
            if (recipient instanceof RecipientSettings.OfProvider of
                    && of.provider().equals(provider)
                    && key.names().contains(of.key())) {
                throw new RefusedForSafety(
                        command + " of " + key.id() + ": the key " + KmipException.quoted(String.valueOf(of.key()))
                                + " of provider " + provider + " opens repositories of this configuration",
                        "take it out of keys.recipients and run `tidemark keys rotate`; what older generations sealed still needs it");
            }
        }
    }
}
