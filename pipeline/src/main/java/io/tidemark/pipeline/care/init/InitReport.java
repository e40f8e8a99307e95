package io.tidemark.pipeline.care.init;

import io.tidemark.crypto.keyset.Recipient;
import java.time.Instant;
import java.util.List;

/**
 * What {@code init} did, and what belongs on the recovery sheet. Nothing in it is secret.
 *
 * @param uuid of the cluster
 * @param root 32 hex digits
 * @param created when the keyset's first generation in use was made
 * @param recipients who can open the keyset
 */
public record InitReport(
        String cluster,
        String uuid,
        String root,
        int generation,
        Instant created,
        List<Recipient> recipients,
        List<Made> repositories) {
    public InitReport {
        recipients = List.copyOf(recipients);
        repositories = List.copyOf(repositories);
    }

    /** What became of one repository. */
    public record Made(String name, String location, String repository, Outcome outcome) {}

    /** What there was to do. */
    public enum Outcome {
        /** It was made. */
        CREATED,
        /** An interrupted run, or a generation that it lacked, was completed. */
        COMPLETED,
        /** It was whole already. */
        PRESENT;

        public String word() {
            return switch (this) {
                case CREATED -> "created";
                case COMPLETED -> "completed";
                case PRESENT -> "present";
            };
        }
    }
}
