package io.tidemark.pipeline.care.check.host;

import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.config.FailureKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What guides and old habits put into a server's configuration files that no PostgreSQL from 15 on takes: the running one
 * does not show it, and the next start fails. Pure.
 */
final class ServerFiles {
    private static final Pattern SETTING = Pattern.compile("\\s*([A-Za-z_][A-Za-z0-9_.]*)\\s*(=|\\s).*");
    /** Names that do not exist, and what was meant. */
    private static final Map<String, String> UNKNOWN = new TreeMap<>(Map.of(
            "lock_memory", "no PostgreSQL has it: use huge_pages, and mlock nothing",
            "standby_mode", "it is a file now: standby.signal",
            "trigger_file", "it is pg_ctl promote, or SELECT pg_promote()",
            "wal_keep_segments", "it is wal_keep_size",
            "checkpoint_segments", "it is max_wal_size"));
    /** Names that end with a version, and with which. */
    private static final Map<String, Integer> GONE = Map.of("promote_trigger_file", 16, "vacuum_defer_cleanup_age", 16);

    private ServerFiles() {}

    /**
     * @param where the file, for a person
     * @param majorVersion of the server; 0 where it is not known
     */
    static List<Finding> judged(String probe, String where, String text, int majorVersion) {
        List<Finding> findings = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            Matcher setting = SETTING.matcher(line);
            if (!setting.matches()) {
                continue;
            }
            String name = setting.group(1).toLowerCase(Locale.ROOT);
            String meant = UNKNOWN.get(name);
            if (meant == null && GONE.containsKey(name) && majorVersion >= GONE.get(name)) {
                meant = "PostgreSQL " + GONE.get(name) + " has taken it away";
            }
            if (meant != null) {
                findings.add(Finding.failed(
                        probe,
                        FailureKind.USAGE,
                        where + ":" + number + ": no such setting: " + name + ", so the server will not start again",
                        "take the line out; " + meant));
            }
        }
        return findings;
    }
}
