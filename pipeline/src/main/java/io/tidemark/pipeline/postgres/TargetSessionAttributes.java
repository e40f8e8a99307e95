package io.tidemark.pipeline.postgres;

import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.config.UsageError;
import java.util.Locale;
import java.util.Optional;

/** Which of several hosts will do. Source: PostgreSQL 17, libpq, target_session_attrs. */
public enum TargetSessionAttributes {
    ANY,
    READ_WRITE,
    READ_ONLY,
    PRIMARY,
    STANDBY,
    /** A standby, or where none answers any of them. */
    PREFER_STANDBY;

    static TargetSessionAttributes parse(String text) {
        for (TargetSessionAttributes one : values()) {
            if (one.toString().equals(text)) {
                return one;
            }
        }
        throw new UsageError(
                "target_session_attrs: expected any, read-write, read-only, primary, standby or prefer-standby");
    }

    /** Why this server will not do; empty where it will. */
    Optional<PostgresFailed> refusal(ServerFacts server) {
        boolean fits = switch (this) {
            case ANY -> true;
            case READ_WRITE -> !isReadOnly(server);
            case READ_ONLY -> isReadOnly(server);
            case PRIMARY -> !isOn(server, "in_hot_standby");
            case STANDBY, PREFER_STANDBY -> isOn(server, "in_hot_standby");
        };
        return fits
                ? Optional.empty()
                : Optional.of(new PostgresFailed(server.where() + " is not what target_session_attrs=" + this
                        + " asks for: in_hot_standby is " + server.parameters().get("in_hot_standby")
                        + ", default_transaction_read_only is "
                        + server.parameters().get("default_transaction_read_only")));
    }

    private static boolean isReadOnly(ServerFacts server) {
        return isOn(server, "in_hot_standby") || isOn(server, "default_transaction_read_only");
    }

    /** PostgreSQL 14 and later report both of themselves to every client. */
    private static boolean isOn(ServerFacts server, String parameter) {
        String value = server.parameters().get(parameter);
        if (value == null) {
            throw new PostgresFailed(
                    server.where() + " does not report " + parameter,
                    "a connection pooler does not pass it on: connect to the server itself");
        }
        return value.equals("on");
    }

    /** As in a connection string. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
