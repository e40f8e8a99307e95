package io.tidemark.pipeline.care.repair;

import java.util.List;

/**
 * What an extension of locks has done in one repository.
 *
 * @param extended objects that are locked anew
 * @param refused what could not be locked, with the reason: the first {@value RepairReport#MOST_NAMED}
 * @param refusedCount all of them
 */
public record LockReport(String repository, long extended, List<String> refused, long refusedCount) {
    public LockReport {
        refused = List.copyOf(refused);
    }
}
