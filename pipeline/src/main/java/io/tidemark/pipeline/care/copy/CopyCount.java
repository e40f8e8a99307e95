package io.tidemark.pipeline.care.copy;

import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.CopyReceipt;
import io.tidemark.pipeline.event.Progress;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.StoredObject;
import java.util.ArrayList;
import java.util.List;

/** Counts what a copy does. From any thread. */
final class CopyCount {
    private final Progress progress;
    private final List<String> backups = new ArrayList<>();
    private final List<String> notCopied = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private long objects;
    private long bytes;
    private long present;
    private long problemCount;

    CopyCount(Progress progress) {
        this.progress = progress;
    }

    synchronized void add(CopyReceipt receipt) {
        if (receipt instanceof CopyReceipt.Copied copied) {
            objects++;
            bytes += copied.sizeBytes();
            progress.advance(copied.sizeBytes());
        } else if (receipt instanceof CopyReceipt.Present) {
            present++;
        } else if (receipt instanceof CopyReceipt.Conflict conflict) {
            problem(conflict.name(), conflict.why());
        } else if (receipt instanceof CopyReceipt.Unfit unfit) {
            problem(unfit.name(), unfit.why());
        }
    }

    /** It would be copied. */
    synchronized void plan(StoredObject object) {
        objects++;
        bytes += object.sizeBytes();
    }

    synchronized void backup(BackupLabel label) {
        backups.add(label.value());
    }

    synchronized void leftOut(BackupLabel label, String why) {
        notCopied.add(label + ": " + why);
    }

    synchronized void problem(ObjectName name, String why) {
        problemCount++;
        if (problems.size() < CopyReport.MOST_NAMED) {
            problems.add(name + ": " + why);
        }
    }

    synchronized CopyReport report(String from, String to) {
        return new CopyReport(from, to, objects, bytes, present, backups, notCopied, problems, problemCount);
    }
}
