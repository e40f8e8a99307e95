package io.tidemark.pipeline.care.check.probe;

import io.tidemark.pipeline.config.FailureKind;
import io.tidemark.pipeline.config.TidemarkException;
import io.tidemark.sinks.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code check}.
 *
 * @param probe which one found it
 * @param text what was found: lower case, no full stop
 * @param hint what to do, with the exact SQL or line; null only where nothing is to be done
 * @param kind of a {@link Verdict#FAIL} that a probe has judged itself; null otherwise
 * @param failure of a {@link Verdict#FAIL}: what the probe ended with; null where it judged itself
 */
public record Finding(
        Verdict verdict,
        String probe,
        String text,
        @Nullable String hint,
        @Nullable FailureKind kind,
        @Nullable Throwable failure) {
    private static final String HINT = "\nHINT: ";

    public Finding {
        if ((verdict == Verdict.FAIL) != (kind != null || failure != null)) {
            throw new IllegalArgumentException("finding '" + text + "': " + verdict + ", " + kind + ", " + failure);
        }
    }

    public static Finding ok(String probe, String text) {
        return new Finding(Verdict.OK, probe, text, null, null, null);
    }

    /** @param why what it would have needed, or why it was not to run */
    public static Finding skipped(String probe, String why) {
        return new Finding(Verdict.SKIPPED, probe, why, null, null, null);
    }

    public static Finding skipped(String probe, String why, String hint) {
        return new Finding(Verdict.SKIPPED, probe, why, hint, null, null);
    }

    public static Finding warning(String probe, String text, String hint) {
        return new Finding(Verdict.WARN, probe, text, hint, null, null);
    }

    public static Finding failed(String probe, FailureKind kind, String text, String hint) {
        return new Finding(Verdict.FAIL, probe, text, hint, kind, null);
    }

    /** What a probe ended with, in the failure's own words; what is no error of ours is a bug, and told as one. */
    public static Finding failed(String probe, Throwable failure) {
        return new Finding(Verdict.FAIL, probe, text(failure), hint(failure), null, failure);
    }

    /** @param where stands before the failure's words */
    public static Finding failed(String probe, String where, Throwable failure) {
        return new Finding(Verdict.FAIL, probe, where + text(failure), hint(failure), null, failure);
    }

    /** The same for something that is not required. */
    public Finding asWarning() {
        return verdict == Verdict.FAIL ? new Finding(Verdict.WARN, probe, text, hint, null, null) : this;
    }

    /** A failure's message and details on one line, without its hint. */
    public static String text(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        int hint = message.indexOf(HINT);
        StringBuilder text = new StringBuilder(hint < 0 ? message : message.substring(0, hint));
        if (failure instanceof TidemarkException ours) {
            ours.details().forEach(detail -> text.append("; ").append(detail));
        } else if (!(failure instanceof StoreException)) {
            text.insert(0, ": ").insert(0, failure.getClass().getSimpleName());
        }
        return text.toString();
    }

    private static @Nullable String hint(Throwable failure) {
        if (failure instanceof TidemarkException ours && ours.hint().isPresent()) {
            return ours.hint().get();
        }
        // the stores' errors carry theirs in the message
        String message = String.valueOf(failure.getMessage());
        int hint = message.indexOf(HINT);
        return hint < 0 ? null : message.substring(hint + HINT.length());
    }
}
