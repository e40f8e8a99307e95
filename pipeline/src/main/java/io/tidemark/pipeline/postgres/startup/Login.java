package io.tidemark.pipeline.postgres.startup;

import io.tidemark.pipeline.postgres.conninfo.AuthenticationRules;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Who wants a session, and of what kind.
 *
 * @param parameters of the session beside the user
 * @param password asked for only when the server asks; blocks. Empty where there is none
 */
public record Login(
        String user, Map<String, String> parameters, AuthenticationRules rules, Supplier<Optional<String>> password) {
    public Login {
        parameters = Map.copyOf(parameters);
    }

    Map<String, String> allParameters() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("user", user);
        all.putAll(parameters);
        return all;
    }
}
