package io.tidemark.pipeline.care.check.server;

import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Probe;
import io.tidemark.pipeline.care.check.probe.ServerState;
import io.tidemark.pipeline.config.FailureKind;
import java.util.List;
import java.util.function.BiFunction;

/** The server's settings that archiving, backup and restore depend on, judged one by one. Pure. */
public final class SettingProbes {
    private static final String RELOAD = "; SELECT pg_reload_conf();";

    private SettingProbes() {}

    /** In the order in which a person goes through them. */
    public static List<Probe> all(ExpectedCommand archiveCommand) {
        return List.of(
                new RoleProbe(),
                probe("archive_mode", SettingProbes::archiveMode),
                probe("wal_level", SettingProbes::walLevel),
                probe("archive_library", SettingProbes::archiveLibrary),
                new ArchiveCommandProbe(archiveCommand),
                new RestoreCommandProbe(),
                probe("archiver", SettingProbes::archiver),
                probe("archive_timeout", SettingProbes::archiveTimeout),
                probe("full_page_writes", SettingProbes::fullPageWrites),
                probe("fsync", SettingProbes::fsync),
                probe("max_wal_senders", SettingProbes::walSenders),
                probe("data checksums", SettingProbes::dataChecksums),
                new StandbyProbe(),
                new ClockProbe(),
                probe("pg_tde", SettingProbes::pgTde));
    }

    private static Probe probe(String name, BiFunction<String, ServerState, Finding> judgement) {
        return new Probe.OfServer() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public List<Finding> findings(ServerState server) {
                return List.of(judgement.apply(name, server));
            }
        };
    }

    static Finding archiveMode(String name, ServerState server) {
        String mode = server.setting(name).orElse("");
        if (server.pendingRestart().contains(name)) {
            return Finding.failed(
                    name,
                    FailureKind.USAGE,
                    "it was changed and is still " + mode + " until a restart",
                    "restart the server");
        }
        return switch (mode) {
            case "on" -> Finding.ok(name, server.isStandby() ? "on: this standby archives once it is promoted" : "on");
            case "always" -> Finding.ok(name, "always: archives as a standby too");
            default ->
                Finding.failed(
                        name,
                        FailureKind.USAGE,
                        "off: no WAL is archived, and an online backup could not be restored",
                        "ALTER SYSTEM SET archive_mode = on; then restart the server");
        };
    }

    static Finding walLevel(String name, ServerState server) {
        String level = server.setting(name).orElse("");
        return level.equals("minimal")
                ? Finding.failed(
                        name,
                        FailureKind.USAGE,
                        "minimal: the WAL leaves out what a restore needs",
                        "ALTER SYSTEM SET wal_level = replica; then restart the server")
                : Finding.ok(name, level);
    }

    static Finding archiveLibrary(String name, ServerState server) {
        String library = server.setting(name).orElse("");
        return library.isEmpty()
                ? Finding.ok(name, "not set: archive_command counts")
                : Finding.failed(
                        name,
                        FailureKind.USAGE,
                        "set to " + library + ", so archive_command is not used",
                        "ALTER SYSTEM RESET archive_library" + RELOAD);
    }

    static Finding archiver(String name, ServerState server) {
        String words = server.archiver().words();
        if (server.archiver().isFailing()) {
            return Finding.failed(
                    name,
                    FailureKind.POSTGRES,
                    words,
                    "the server's log has what archive_command said; WAL stays in pg_wal until it works again");
        }
        return Finding.ok(name, words);
    }

    /** Traps T23, S-41: what is lost with the server is what its last open segment holds, and that can be of days. */
    static Finding archiveTimeout(String name, ServerState server) {
        long seconds = server.number(name).orElse(0);
        if (seconds == 0) {
            return Finding.warning(
                    name,
                    "0: on a quiet server the newest archived change can be hours or days old, whatever a segment's size",
                    "ALTER SYSTEM SET archive_timeout = '60s'" + RELOAD);
        }
        return seconds > 3600
                ? Finding.warning(
                        name,
                        seconds + " s: that old can the newest archived change be on a quiet server",
                        "ALTER SYSTEM SET archive_timeout = '60s'" + RELOAD)
                : Finding.ok(name, seconds + " s");
    }

    /** During a backup of a primary the server writes full pages whatever is set; a standby cannot make its primary do so. */
    static Finding fullPageWrites(String name, ServerState server) {
        String hint = "ALTER SYSTEM SET full_page_writes = on" + RELOAD;
        if (!server.isOff(name)) {
            return Finding.ok(name, "on");
        }
        return server.isStandby()
                ? Finding.failed(
                        name,
                        FailureKind.USAGE,
                        "off: a backup of this standby is refused",
                        hint + " (on the primary too)")
                : Finding.warning(
                        name,
                        "off: unless the file system writes whole pages, a crash tears some that no replay mends, and a "
                                + "standby cannot be backed up",
                        hint);
    }

    static Finding fsync(String name, ServerState server) {
        return server.isOff(name)
                ? Finding.warning(
                        name,
                        "off: after a power failure the data directory and WAL are lost",
                        "ALTER SYSTEM SET fsync = on" + RELOAD)
                : Finding.ok(name, "on");
    }

    /** A backup takes one; the check's own replication connection may be counted. */
    static Finding walSenders(String name, ServerState server) {
        long most = server.number(name).orElse(0);
        String hint = "ALTER SYSTEM SET max_wal_senders = " + (most + 4) + "; then restart the server";
        if (most == 0) {
            return Finding.failed(name, FailureKind.USAGE, "0: no base backup can be taken", hint);
        }
        if (server.walSenders().isEmpty()) {
            return Finding.ok(name, String.valueOf(most));
        }
        long used = server.walSenders().getAsLong();
        return most - used < 1
                ? Finding.failed(
                        name, FailureKind.POSTGRES, "all " + most + " are in use: no base backup can be taken", hint)
                : Finding.ok(name, used + " of " + most + " in use");
    }

    static Finding dataChecksums(String name, ServerState server) {
        return "on".equals(server.setting("data_checksums").orElse(""))
                ? Finding.ok(name, "on: each backup verifies every page")
                : Finding.warning(
                        name,
                        "off: no backup can tell a damaged page from a sound one",
                        "stop the server, pg_checksums --enable -D "
                                + server.setting("data_directory").orElse("DIR") + ", start it");
    }

    static Finding pgTde(String name, ServerState server) {
        boolean loaded = server.setting("shared_preload_libraries").orElse("").contains("pg_tde");
        boolean walEncrypted = "on".equals(server.setting("pg_tde.wal_encrypt").orElse(""));
        if (walEncrypted) {
            return Finding.failed(
                    name,
                    FailureKind.NOT_IN_THIS_VERSION,
                    "pg_tde.wal_encrypt is on: archiving WAL that pg_tde encrypts is not in this version",
                    "use pg_tde's own archive wrapper until it is");
        }
        return loaded
                ? Finding.warning(
                        name,
                        "pg_tde is loaded: a data directory with its keys is refused by this version",
                        "use pg_tde_basebackup for encrypted clusters until this is built")
                : Finding.ok(name, "not loaded");
    }
}
