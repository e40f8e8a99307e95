package io.tidemark.pipeline.care.keyset;

import io.tidemark.crypto.keyset.Recipient;
import java.util.List;

/**
 * What {@code keys rotate} did.
 *
 * @param outcome whether a new generation was made or an interrupted rotation completed
 * @param generation that all repositories have now, but those in {@code behind}
 * @param keys how many keys its keyset holds
 * @param behind optional repositories that do not have it yet, each with the reason
 */
public record RotationReport(
        Outcome outcome, int generation, int keys, List<Recipient> recipients, List<Behind> behind) {
    public RotationReport {
        recipients = List.copyOf(recipients);
        behind = List.copyOf(behind);
    }

    /** What there was to do. */
    public enum Outcome {
        ROTATED,
        /** An earlier rotation had not reached all repositories: it was completed, and no new key made. */
        COMPLETED
    }

    /** An optional repository that was not reached. */
    public record Behind(String repository, String why) {}
}
