package io.tidemark.pipeline.postgres.message;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A notice or an error in the server's words.
 *
 * @param severity never translated: {@code WARNING}, {@code ERROR}, {@code FATAL}
 * @param sqlState five characters
 */
public record ErrorFields(
        String severity,
        String sqlState,
        String message,
        @Nullable String detail,
        @Nullable String hint) {

    /** Whether the server ends the session after it. */
    public boolean endsSession() {
        return severity.equals("FATAL") || severity.equals("PANIC");
    }

    /** {@code FATAL: no such role (28000)}, with the detail behind it. */
    public String inWords() {
        return severity + ": " + message + (detail == null ? "" : "; " + detail) + " (SQLSTATE " + sqlState + ")";
    }

    /** Collects the fields of one; unknown ones are passed over. Source: PostgreSQL 17, Error and Notice Message Fields. */
    static final class Builder {
        private @Nullable String localized;
        private @Nullable String severity;
        private @Nullable String sqlState;
        private @Nullable String message;
        private @Nullable String detail;
        private @Nullable String hint;

        void set(char field, String text) {
            switch (field) {
                case 'S' -> localized = text;
                case 'V' -> severity = text;
                case 'C' -> sqlState = text;
                case 'M' -> message = text;
                case 'D' -> detail = text;
                case 'H' -> hint = text;
                default -> {
                    return;
                }
            }
        }

        ErrorFields build() {
            return new ErrorFields(
                    severity != null ? severity : Objects.requireNonNullElse(localized, "ERROR"),
                    Objects.requireNonNullElse(sqlState, "XX000"),
                    Objects.requireNonNullElse(message, "an error without a message"),
                    detail,
                    hint);
        }
    }
}
