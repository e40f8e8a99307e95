package io.tidemark.pipeline.care.copy;

import java.util.List;

/**
 * What a copy has done, or would do.
 *
 * @param objects copied, or to be copied
 * @param bytes of them, sealed
 * @param present objects that somebody else had put meanwhile, or that are sealed another way there
 * @param backups that are complete in the target now and were not before, or would be
 * @param notCopied backups that were left out rightly, with the reason
 * @param problems what could not be copied: damaged, forged, conflicting; the first {@value #MOST_NAMED}
 * @param problemCount all of them
 */
public record CopyReport(
        String from,
        String to,
        long objects,
        long bytes,
        long present,
        List<String> backups,
        List<String> notCopied,
        List<String> problems,
        long problemCount) {
    public static final int MOST_NAMED = 1000;

    public CopyReport {
        backups = List.copyOf(backups);
        notCopied = List.copyOf(notCopied);
        problems = List.copyOf(problems);
    }
}
