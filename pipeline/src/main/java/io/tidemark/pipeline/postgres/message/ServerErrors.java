package io.tidemark.pipeline.postgres.message;

import io.tidemark.pipeline.config.PostgresFailed;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a server refused, in words, and what the operator can do. Source: PostgreSQL 17, PostgreSQL Error Codes. */
public final class ServerErrors {
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
        if (message.contains("pg_hba.conf") && message.contains("replication")) {
            return "add a line for replication to pg_hba.conf and reload, such as: hostssl replication tidemark samenet"
                    + " scram-sha-256 (over a socket: local replication tidemark peer)";
        }
        if (message.contains("pg_hba.conf")) {
            return "add a line to pg_hba.conf and reload, such as: hostssl postgres tidemark samenet scram-sha-256 (over a"
                    + " socket: local postgres tidemark peer)";
        }
        if (message.contains("does not exist")) {
            return "create the role: create role tidemark with login replication";
        }
        return message.toLowerCase(java.util.Locale.ROOT).contains("peer")
                ? "peer authentication wants the role of the operating system's user: say user=, or map it in pg_ident.conf"
                : null;
    }

    private static String privilege(String message) {
        return message.contains("replication") || message.contains("WAL sender") || message.contains("REPLICATION")
                ? "let the role replicate: alter role tidemark replication"
                : "grant the role what it lacks; tidemark check prints the SQL";
    }
}
