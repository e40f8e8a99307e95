package io.tidemark.pipeline.config;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with the configuration, collected so that all of it is told at once. */
final class Faults {
    private static final int MOST = 50;

    private final List<String> lines = new ArrayList<>();
    private int planned;

    void add(Origin origin, String what) {
        lines.add(origin.text() + ": " + what);
    }

    void planned(Origin origin, String key) {
        planned++;
        add(origin, key + " is planned, but not in this version");
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    /** "Not in this version" only where nothing else is wrong. */
    TidemarkException exception() {
        List<String> shown = lines;
        if (lines.size() > MOST) {
            shown = new ArrayList<>(lines.subList(0, MOST));
            shown.add("and " + (lines.size() - MOST) + " more");
        }
        String message = lines.size() == 1 ? lines.get(0) : lines.size() + " faults in the configuration";
        List<String> details = lines.size() == 1 ? List.of() : shown;
        return planned == lines.size() ? new NotInThisVersion(message, details) : new UsageError(message, details);
    }
}
