package io.tidemark.pipeline.postgres.message;

import io.tidemark.pipeline.config.PostgresFailed;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a server refused, in words, and what the operator can do. Source: PostgreSQL 17, PostgreSQL Error Codes. */
public final class ServerErrors {
    /** Where the server names none. */
    private static final String ROLE = "tidemark";

    private ServerErrors() {}

    /** @param attempted what was tried, and where */
    public static PostgresFailed failure(String attempted, ErrorFields error) {
        return new PostgresFailed(attempted + ": " + error.inWords(), hint(error), error.sqlState(), List.of(), null);
    }

    private static @Nullable String hint(ErrorFields error) {
        String ours = ours(error);
        return ours == null ? error.hint() : error.hint() == null ? ours : error.hint() + "; " + ours;
    }

    private static @Nullable String ours(ErrorFields error) {
        return switch (error.sqlState()) {
            case "28P01" ->
                "the password is wrong, or the role has none: see the password file (~/.pgpass, passfile=) or PGPASSWORD,"
                        + " and pg_hba.conf for the method that is asked for";
            case "28000" -> authorization(error.message());
            case "42501" -> privilege(error.message());
            case "3D000" -> "name a database that exists: dbname=postgres";
            case "53300" ->
                "raise max_connections, max_wal_senders or the role's connection limit, or end idle sessions";
            case "57P03" -> "the server is starting, stopping or recovering: try again";
            case "57P01", "57P02" -> "the server was stopped: try again when it runs";
            case "55006" -> "somebody else uses it: see pg_stat_activity and pg_replication_slots";
            case "55000" -> "the server is in the wrong state for it: see its log";
            case "58P01" -> "a file that the server needs is gone: see its log";
            case "57014" -> "the command was cancelled by somebody, or by statement_timeout";
            default -> null;
        };
    }

    private static @Nullable String authorization(String message) {
        if (message.contains("pg_hba.conf")) {
            String what = message.contains("replication") ? "replication" : named("database", message, "postgres");
            String user = named("user", message, ROLE);
            return "add a line to pg_hba.conf and reload, such as: hostssl " + what + " " + user
                    + " samenet scram-sha-256 (over a socket: local " + what + " " + user + " peer)";
        }
        if (message.contains("does not exist")) {
            return "create the role: create role " + named("role", message, ROLE) + " login replication";
        }
        return message.toLowerCase(Locale.ROOT).contains("peer")
                ? "peer authentication wants the role of the operating system's user: say user=, or map it in pg_ident.conf"
                : null;
    }

    /** What a message names: {@code user "tidemark"}. */
    private static String named(String what, String message, String otherwise) {
        Matcher name = Pattern.compile(what + " \"([^\"]+)\"").matcher(message);
        return name.find() ? name.group(1) : otherwise;
    }

    private static String privilege(String message) {
        return message.contains("replication") || message.contains("WAL sender") || message.contains("REPLICATION")
                ? "let the role replicate: alter role " + ROLE + " replication"
                : "grant the role what it lacks; tidemark check prints the SQL";
    }
}
