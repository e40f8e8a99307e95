package io.tidemark.pipeline.care.scratch;

import io.tidemark.pipeline.config.PostgresFailed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * One scratch PostgreSQL server on one data directory: made by initdb or restored, started and stopped by pg_ctl, spoken
 * to over TCP on the loopback address with a password made for it. Not for more than one thread.
 */
public final class PostgresServer implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String SUPERUSER = "postgres";

    private final Programs programs;
    private final Path installation;
    private final Path dataDirectory;
    private final Path log;
    private final String password;
    private int port;
    private String sockets = "";

    /**
     * @param installation what {@link PostgresArchive} unpacked
     * @param dataDirectory existing, or made by {@link #initialize}
     * @param log what the server says; made by the server, in a directory of the account's
     * @param password the superuser's
     */
    public PostgresServer(Programs programs, Path installation, Path dataDirectory, Path log, String password) {
        this.programs = programs;
        this.installation = installation;
        this.dataDirectory = dataDirectory;
        this.log = log;
        this.password = password;
    }

    public Path dataDirectory() {
        return dataDirectory;
    }

    public int port() {
        return port;
    }

    /** Where this server's first lines of {@code SELECT version()} come from: {@code postgres --version}. */
    public String version() {
        return run(List.of(program("postgres"), "--version"), Duration.ofSeconds(30))
                .output()
                .strip();
    }

    /**
     * Makes the data directory, with data checksums. Whether initdb's own files are on the disk before the first
     * checkpoint does not matter for a scratch cluster, so they are not synced one by one.
     *
     * @param passwordFile holds the password and is readable by the account
     * @param options further options of initdb, such as {@code --wal-segsize=1}
     */
    public void initialize(Path passwordFile, List<String> options) {
        List<String> command = new ArrayList<>(List.of(
                program("initdb"),
                "--pgdata=" + dataDirectory,
                "--username=" + SUPERUSER,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--data-checksums",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync"));
        command.addAll(options);
        mustSucceed(run(command, LIMIT), "initdb");
    }

    /** Adds settings to {@code postgresql.conf}; later ones win over earlier ones. Without {@code unix_socket_directories} there are none. */
    public void configure(Map<String, String> settings) {
        sockets = settings.getOrDefault("unix_socket_directories", sockets);
        StringBuilder lines = new StringBuilder();
        settings.forEach((name, value) -> lines.append(name)
                .append(" = '")
                .append(value.replace("'", "''"))
                .append("'\n"));
        try {
            Files.writeString(dataDirectory.resolve("postgresql.conf"), lines, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new PostgresFailed("cannot write to postgresql.conf in " + dataDirectory, e);
        }
    }

    /** Starts the server on a free port and waits until it answers; for a restored one, until it is consistent. */
    public void start() {
        Programs.Outcome outcome = tryStart();
        if (!outcome.succeeded()) {
            throw new PostgresFailed(
                    "PostgreSQL did not start on " + dataDirectory + "\n" + outcome.said() + "\n" + lastLog());
        }
    }

    /** As {@link #start}, for a server that may rightly fail to start. */
    public Programs.Outcome tryStart() {
        port = freePort();
        return run(
                List.of(
                        program("pg_ctl"),
                        "start",
                        "--pgdata=" + dataDirectory,
                        "--wait",
                        "--timeout=" + LIMIT.toSeconds(),
                        "--silent",
                        "--log=" + log,
                        "--options=-c port=" + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories='"
                                + sockets + "'"),
                LIMIT.plusSeconds(10));
    }

    /** Stops in order: sessions are ended, a shutdown checkpoint is written, what is ready is archived. */
    public void stop() {
        stop("fast");
    }

    /** Stops as a crash does. */
    public void stopAtOnce() {
        stop("immediate");
    }

    private void stop(String mode) {
        if (isRunning()) {
            List<String> command = List.of(
                    program("pg_ctl"),
                    "stop",
                    "--pgdata=" + dataDirectory,
                    "--wait",
                    "--timeout=" + LIMIT.toSeconds(),
                    "--silent",
                    "--mode=" + mode);
            mustSucceed(run(command, LIMIT.plusSeconds(10)), "pg_ctl stop");
        }
    }

    /** Whether a postmaster runs on the data directory. */
    public boolean isRunning() {
        if (!Files.exists(dataDirectory.resolve("postmaster.pid"))) {
            return false;
        }
        return run(List.of(program("pg_ctl"), "status", "--pgdata=" + dataDirectory), Duration.ofSeconds(30))
                .succeeded();
    }

    /** A session of the superuser's; the caller closes it. */
    public Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", SUPERUSER);
        properties.setProperty("password", password);
        properties.setProperty("reWriteBatchedInserts", "true");
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres", properties);
    }

    /** How Tidemark connects to it as it runs now, in libpq's words; the password is in a file of {@link #passwordLine}. */
    public String connection(Path passwordFile) {
        return "host=127.0.0.1 port=" + port + " user=" + SUPERUSER + " sslmode=disable passfile=" + passwordFile;
    }

    /** The line of a password file that lets its superuser in, whatever port it has. */
    public static String passwordLine(String password) {
        return "127.0.0.1:*:*:" + SUPERUSER + ":" + password + "\n";
    }

    /** The end of what the server has said. */
    public String lastLog() {
        try {
            String all = Files.readString(log, StandardCharsets.UTF_8);
            return all.substring(Math.max(0, all.length() - 8_000));
        } catch (IOException e) {
            return "(no log at " + log + ": " + e.getMessage() + ")";
        }
    }

    private Programs.Outcome run(List<String> command, Duration limit) {
        return programs.run(command, Path.of("/"), limit);
    }

    private String program(String name) {
        return installation.resolve("bin").resolve(name).toString();
    }

    private static void mustSucceed(Programs.Outcome outcome, String what) {
        if (!outcome.succeeded()) {
            throw new PostgresFailed(what + " ended with exit code " + outcome.exit() + "\n" + outcome.said());
        }
    }

    private static int freePort() {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new PostgresFailed("no free port on the loopback address", e);
        }
    }

    /** Stops a server that still runs, at once. */
    @Override
    public void close() {
        stopAtOnce();
    }
}
