package io.tidemark.pipeline.postgres;

import java.util.Map;

/**
 * What a server said of itself while the session began.
 *
 * @param where host and port, or the socket's path, for messages
 * @param versionNumber as {@code server_version_num}: {@code 170004} is 17.4
 * @param parameters those that the server reports to each client, such as {@code server_version} and {@code in_hot_standby}
 */
public record ServerFacts(String where, int versionNumber, Map<String, String> parameters) {
    public ServerFacts {
        parameters = Map.copyOf(parameters);
    }

    /** {@code 17} of 17.4. */
    public int majorVersion() {
        return versionNumber / 10_000;
    }
}
