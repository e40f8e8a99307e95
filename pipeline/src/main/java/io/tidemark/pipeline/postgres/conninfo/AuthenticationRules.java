package io.tidemark.pipeline.postgres.conninfo;

import io.tidemark.pipeline.config.UsageError;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a server may ask of us.
 *
 * @param methods that are allowed, in {@code require_auth}'s words
 */
public record AuthenticationRules(ChannelBinding channelBinding, Set<String> methods) {
    /** All that this client can do; {@code none}: the server asks for nothing. */
    private static final Set<String> METHODS = Set.of("password", "md5", "scram-sha-256", "none");

    private static final Set<String> OF_LIBPQ = Set.of("gss", "sspi", "oauth");

    /** Whether SCRAM must prove that the server at the end of our TLS is the one that knows the password. */
    public enum ChannelBinding {
        DISABLED,
        /** Wherever there is TLS and the server asks for SCRAM. */
        WITH_TLS,
        /** Nothing but SCRAM with channel binding will do. */
        REQUIRED
    }

    public AuthenticationRules {
        methods = Set.copyOf(methods);
    }

    static AuthenticationRules of(String channelBinding, String requireAuth) {
        return new AuthenticationRules(
                switch (channelBinding) {
                    case "disable" -> ChannelBinding.DISABLED;
                    case "prefer" -> ChannelBinding.WITH_TLS;
                    case "require" -> ChannelBinding.REQUIRED;
                    default -> throw new UsageError("channel_binding: expected disable, prefer or require");
                },
                methods(requireAuth));
    }

    private static Set<String> methods(String requireAuth) {
        if (requireAuth.isEmpty()) {
            return METHODS;
        }
        List<String> words = List.of(requireAuth.split(",", -1));
        boolean without = words.get(0).startsWith("!");
        Set<String> methods = new TreeSet<>(without ? METHODS : Set.of());
        for (String word : words) {
            String method = without ? word.substring(Math.min(1, word.length())) : word;
            boolean known = METHODS.contains(method) || OF_LIBPQ.contains(method);
            if (!known || word.startsWith("!") != without) {
                throw new UsageError(
                        "require_auth: expected a list of password, md5, scram-sha-256 and none, or of the same with"
                                + " ! before each");
            }
            if (without) {
                methods.remove(method);
            } else if (METHODS.contains(method)) {
                methods.add(method);
            }
        }
        return methods;
    }
}
