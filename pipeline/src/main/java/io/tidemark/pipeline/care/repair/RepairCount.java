package io.tidemark.pipeline.care.repair;

import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.sinks.StoredObject;
import java.util.ArrayList;
import java.util.List;

/** Counts what a repair does. From any thread. */
final class RepairCount {
    private final List<String> backups = new ArrayList<>();
    private final List<String> kept = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private long leftovers;
    private long objects;
    private long bytes;
    private long refusedCount;
    private long locked;

    synchronized void leftover() {
        leftovers++;
    }

    synchronized void backup(BackupLabel label) {
        backups.add(label.value());
    }

    synchronized void object(StoredObject object) {
        objects++;
        bytes += object.sizeBytes();
    }

    synchronized void kept(String what, String why) {
        if (kept.size() < RepairReport.MOST_NAMED) {
            kept.add(what + ": " + why);
        }
    }

    synchronized void refused(String what, Throwable why) {
        refusedCount++;
        if (refused.size() < RepairReport.MOST_NAMED) {
            refused.add(what + ": " + why.getMessage());
        }
    }

    synchronized void locked() {
        locked++;
    }

    synchronized LockReport locks(String repository) {
        return new LockReport(repository, locked, refused, refusedCount);
    }

    synchronized RepairReport report(String repository) {
        return new RepairReport(repository, leftovers, backups, objects, bytes, kept, refused, refusedCount);
    }
}
