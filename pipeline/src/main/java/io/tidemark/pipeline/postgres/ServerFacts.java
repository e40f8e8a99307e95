package io.tidemark.pipeline.postgres;

import io.tidemark.pipeline.config.NotInThisVersion;
import io.tidemark.pipeline.config.PostgresFailed;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server said of itself while the session began.
 *
 * @param where host and port, or the socket's path, for messages
 * @param versionNumber as {@code server_version_num}: {@code 170004} is 17.4
 * @param parameters those that the server reports to each client, such as {@code server_version} and {@code in_hot_standby}
 */
public record ServerFacts(String where, int versionNumber, Map<String, String> parameters) {
    private static final int OLDEST = 15;
    private static final int NEWEST = 18;
    private static final Pattern VERSION = Pattern.compile("(\\d{1,4})(?:\\.(\\d{1,4}))?.*");

    public ServerFacts {
        parameters = Map.copyOf(parameters);
    }

    /** Throws where the server is too old, too new, or no PostgreSQL. */
    static ServerFacts of(String where, Map<String, String> parameters) {
        String version = parameters.getOrDefault("server_version", "");
        Matcher parts = VERSION.matcher(version);
        if (!parts.matches()) {
            throw new PostgresFailed(where + " does not say which version of PostgreSQL it is (\"" + version + "\")");
        }
        int major = Integer.parseInt(parts.group(1));
        int minor = parts.group(2) == null ? 0 : Integer.parseInt(parts.group(2));
        if (major < OLDEST) {
            throw new PostgresFailed(
                    where + " is PostgreSQL " + version + ", and " + OLDEST + " is the oldest that Tidemark backs up",
                    "upgrade the server: PostgreSQL " + OLDEST + " to " + NEWEST + " will do");
        }
        if (major > NEWEST) {
            throw new NotInThisVersion(where + " is PostgreSQL " + version + ", and " + NEWEST
                    + " is the newest that this version of Tidemark knows");
        }
        return new ServerFacts(where, major * 10_000 + minor, parameters);
    }

    /** {@code 17} of 17.4. */
    public int majorVersion() {
        return versionNumber / 10_000;
    }
}
