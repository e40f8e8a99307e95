package io.tidemark.pipeline.care.repair;

import java.util.List;

/**
 * What a repair of one repository has done, or would do.
 *
 * @param leftovers temporary files and multipart uploads that went
 * @param backups interrupted backups that were given up
 * @param objects of them that went
 * @param bytes of these objects
 * @param kept what was left, with the reason; no fault
 * @param refused what should have gone and the store would not delete: the first {@value #MOST_NAMED}
 * @param refusedCount all of them
 */
public record RepairReport(
        String repository,
        long leftovers,
        List<String> backups,
        long objects,
        long bytes,
        List<String> kept,
        List<String> refused,
        long refusedCount) {
    public static final int MOST_NAMED = 1000;

    public RepairReport {
        backups = List.copyOf(backups);
        kept = List.copyOf(kept);
        refused = List.copyOf(refused);
    }
}
