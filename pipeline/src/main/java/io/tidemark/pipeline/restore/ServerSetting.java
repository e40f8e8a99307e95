package io.tidemark.pipeline.restore;

/**
 * One line of {@code postgresql.auto.conf}. {@link #line} quotes as PostgreSQL's scanner reads: in single quotes, a quote
 * doubled, a backslash escaped, line ends as {@code \n}, for a line end in a value would end the setting.
 * Source: PostgreSQL 17, {@code DeescapeQuotedString} (src/backend/utils/misc/guc-file.l).
 */
public record ServerSetting(String name, String value) {
    public ServerSetting {
        if (!name.matches("[a-z_]+") || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("no setting: " + name);
        }
    }

    String line() {
        String quoted = value.replace("\\", "\\\\")
                .replace("'", "''")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
        return name + " = '" + quoted + "'";
    }
}
