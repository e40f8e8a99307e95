package io.tidemark.pipeline.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@code check} prints: a line a finding, one JSON object, or one line for Nagios; and the worst exit code. */
final class CheckReport {
    /**
     * The worst first: what is wrong with what is stored already, what keeps it from being read, what keeps new things from
     * being stored (a wrong setting before what the server makes of it), and what may only be a matter of time.
     * docs/exit-codes.md says the same.
     */
    static final List<ExitCode> WORST_FIRST = List.of(
            ExitCode.BUG,
            ExitCode.INTEGRITY,
            ExitCode.KEYS,
            ExitCode.STORE,
            ExitCode.USAGE,
            ExitCode.POSTGRES,
            ExitCode.NOT_IN_THIS_VERSION,
            ExitCode.REFUSED,
            ExitCode.BUSY,
            ExitCode.DEADLINE);

    private static final int PROBE_WIDTH = 16;
    private static final int MOST_NAMED = 3;

    private final String cluster;
    private final List<Finding> findings;
    private final Duration took;
    private final Duration deadline;

    CheckReport(String cluster, List<Finding> findings, Duration took, Duration deadline) {
        this.cluster = cluster;
        this.findings = List.copyOf(findings);
        this.took = took;
        this.deadline = deadline;
    }

    /** The finding, and on a line of its own what to do. */
    static List<String> lines(Finding finding, boolean coloured) {
        List<String> lines = new ArrayList<>();
        String verdict = String.format(Locale.ROOT, "%-7s", finding.verdict());
        lines.add((coloured ? colour(finding.verdict()) + verdict + "\033[0m" : verdict)
                + String.format(Locale.ROOT, "  %-" + PROBE_WIDTH + "s ", finding.probe())
                + Printable.of(finding.text()));
        if (finding.hint() != null) {
            lines.add(" ".repeat(9) + "HINT: " + Printable.of(finding.hint()));
        }
        return lines;
    }

    private static String colour(Verdict verdict) {
        return switch (verdict) {
            case OK -> "\033[32m";
            case SKIPPED -> "\033[2m";
            case WARN -> "\033[33m";
            case FAIL -> "\033[1;31m";
        };
    }

    /** {@code 24 OK, 1 WARN, 0 FAIL, 2 SKIPPED in 3.2 s}. */
    String summary() {
        return count(Verdict.OK) + " OK, " + count(Verdict.WARN) + " WARN, " + count(Verdict.FAIL) + " FAIL, "
                + count(Verdict.SKIPPED) + " SKIPPED in " + seconds();
    }

    private String seconds() {
        return String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0);
    }

    private long count(Verdict verdict) {
        return findings.stream().filter(finding -> finding.verdict() == verdict).count();
    }

    /** Of the failures the worst one's; a warning is none. */
    ExitCode worst() {
        return findings.stream()
                .map(CheckReport::code)
                .filter(code -> code != ExitCode.DONE)
                .min((a, b) -> Integer.compare(WORST_FIRST.indexOf(a), WORST_FIRST.indexOf(b)))
                .orElse(ExitCode.DONE);
    }

    private static ExitCode code(Finding finding) {
        Throwable failure = finding.failure();
        if (failure != null) {
            return ExitCode.of(failure);
        }
        return finding.kind() == null ? ExitCode.DONE : ExitCode.of(finding.kind());
    }

    JsonObject json(Run run) {
        JsonObject json = new JsonObject();
        json.addProperty("cluster", cluster);
        json.addProperty("status", word(status()));
        json.addProperty("exitCode", worst().number());
        json.addProperty("dryRun", run == Run.DRY);
        json.addProperty("seconds", took.toMillis() / 1000.0);
        JsonObject counts = new JsonObject();
        for (Verdict verdict : Verdict.values()) {
            counts.addProperty(word(verdict), count(verdict));
        }
        json.add("counts", counts);
        JsonArray all = new JsonArray();
        findings.forEach(finding -> all.add(json(finding)));
        json.add("findings", all);
        return json;
    }

    /** What kind of a run it was. */
    enum Run {
        REAL,
        DRY
    }

    private static JsonObject json(Finding finding) {
        JsonObject json = new JsonObject();
        json.addProperty("status", word(finding.verdict()));
        json.addProperty("probe", finding.probe());
        json.addProperty("found", finding.text());
        if (finding.hint() != null) {
            json.addProperty("hint", finding.hint());
        }
        if (finding.verdict() == Verdict.FAIL) {
            json.addProperty("exitCode", code(finding).number());
        }
        return json;
    }

    private static String word(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT);
    }

    private Verdict status() {
        if (count(Verdict.FAIL) > 0) {
            return Verdict.FAIL;
        }
        return count(Verdict.WARN) > 0 ? Verdict.WARN : Verdict.OK;
    }

    /** {@code TIDEMARK WARNING - archive_timeout: … | ok=24 warn=1 fail=0 skipped=2 time=3.2s;;60;0}. */
    String nagiosLine() {
        Verdict status = status();
        String text = switch (status) {
            case OK, SKIPPED -> count(Verdict.OK) + " checks of cluster " + cluster;
            case WARN, FAIL -> named(status);
        };
        return "TIDEMARK " + nagiosWord(status) + " - " + forNagios(text)
                + String.format(
                        Locale.ROOT,
                        " | ok=%d warn=%d fail=%d skipped=%d time=%.3fs;;%d;0",
                        count(Verdict.OK),
                        count(Verdict.WARN),
                        count(Verdict.FAIL),
                        count(Verdict.SKIPPED),
                        took.toMillis() / 1000.0,
                        deadline.toSeconds());
    }

    private String named(Verdict verdict) {
        List<String> texts = findings.stream()
                .filter(finding -> finding.verdict() == verdict)
                .map(finding -> finding.probe() + ": " + finding.text())
                .toList();
        return texts.stream().limit(MOST_NAMED).collect(Collectors.joining("; "))
                + (texts.size() > MOST_NAMED ? "; and " + (texts.size() - MOST_NAMED) + " more" : "");
    }

    private static String nagiosWord(Verdict status) {
        return switch (status) {
            case OK, SKIPPED -> "OK";
            case WARN -> "WARNING";
            case FAIL -> "CRITICAL";
        };
    }

    /** Which the launcher gives to Nagios as 0, 1, 2. */
    ExitCode nagiosCode() {
        return switch (status()) {
            case OK, SKIPPED -> ExitCode.DONE;
            case WARN -> ExitCode.WARNING;
            case FAIL -> ExitCode.CRITICAL;
        };
    }

    /** There was no check: the configuration cannot be read, or a bug. */
    static String nagiosUnknown(@Nullable Throwable failure) {
        return "TIDEMARK UNKNOWN - " + forNagios(failure == null ? "" : Finding.text(failure));
    }

    /** The bar ends the text. */
    private static String forNagios(String text) {
        return Printable.of(text).replace('|', '!');
    }
}
