package io.tidemark.pipeline.restore;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.pipeline.config.UsageError;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * Where recovery ends. Each kind knows its own setting; the settings common to all are {@link RecoverySettings}' work.
 * Source: PostgreSQL 17, Recovery Target.
 */
public sealed interface RecoveryTarget {
    Kind kind();

    /** As the plan prints it. */
    String describe(ZoneId here);

    /** {@code recovery_target…} and its value; none for the end of the WAL. */
    List<ServerSetting> settings();

    /** What can be aimed at. */
    enum Kind {
        LATEST("latest"),
        IMMEDIATE("immediate"),
        TIME("time"),
        LSN("lsn"),
        XID("xid"),
        NAME("name");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** Whether PostgreSQL knows "just before it" for this kind. */
        boolean mayExclude() {
            return switch (this) {
                case TIME, LSN, XID -> true;
                case LATEST, IMMEDIATE, NAME -> false;
            };
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /** The end of the WAL that the repository has. */
    record Latest() implements RecoveryTarget {
        @Override
        public Kind kind() {
            return Kind.LATEST;
        }

        @Override
        public String describe(ZoneId here) {
            return "the end of the archived WAL";
        }

        @Override
        public List<ServerSetting> settings() {
            return List.of();
        }
    }

    /** The earliest point at which the backup is consistent. */
    record Immediate() implements RecoveryTarget {
        @Override
        public Kind kind() {
            return Kind.IMMEDIATE;
        }

        @Override
        public String describe(ZoneId here) {
            return "as soon as the backup is consistent";
        }

        @Override
        public List<ServerSetting> settings() {
            return List.of(new ServerSetting("recovery_target", "immediate"));
        }
    }

    /** The last commit up to a time, to the microsecond. */
    record Time(Instant time) implements RecoveryTarget {
        private static final DateTimeFormatter SETTING =
                DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS'+00'", Locale.ROOT);

        @Override
        public Kind kind() {
            return Kind.TIME;
        }

        @Override
        public String describe(ZoneId here) {
            return "time " + TargetTime.print(time, here);
        }

        @Override
        public List<ServerSetting> settings() {
            return List.of(new ServerSetting("recovery_target_time", SETTING.format(time.atOffset(ZoneOffset.UTC))));
        }
    }

    /** The record at or behind a position. */
    record Position(Lsn lsn) implements RecoveryTarget {
        @Override
        public Kind kind() {
            return Kind.LSN;
        }

        @Override
        public String describe(ZoneId here) {
            return "LSN " + lsn;
        }

        @Override
        public List<ServerSetting> settings() {
            return List.of(new ServerSetting("recovery_target_lsn", lsn.toString()));
        }
    }

    /** The end of a transaction, by the 32-bit number that WAL has. */
    record Transaction(long xid) implements RecoveryTarget {
        private static final long FIRST_NORMAL = 3;

        public Transaction {
            if (xid < FIRST_NORMAL || xid > 0xFFFFFFFFL) {
                throw new UsageError("--xid " + xid + " is no transaction's number, expected 3 to 4294967295");
            }
        }

        /** Reads decimal digits; of a 64-bit number ({@code pg_current_xact_id()}) the epoch is cut off. */
        public static Transaction parse(String text) {
            try {
                return new Transaction(Long.parseUnsignedLong(text) & 0xFFFFFFFFL);
            } catch (NumberFormatException e) {
                throw new UsageError("--xid '" + text + "' is no number, expected such as 7412", e);
            }
        }

        @Override
        public Kind kind() {
            return Kind.XID;
        }

        @Override
        public String describe(ZoneId here) {
            return "transaction " + xid;
        }

        @Override
        public List<ServerSetting> settings() {
            return List.of(new ServerSetting("recovery_target_xid", Long.toString(xid)));
        }
    }

    /** A restore point made by {@code pg_create_restore_point()}. */
    record Name(String name) implements RecoveryTarget {
        /** MAXFNAMELEN less its NUL: PostgreSQL refuses longer ones at start, when it is late. */
        private static final int MAX_BYTES = 63;

        public Name {
            int bytes = name.getBytes(StandardCharsets.UTF_8).length;
            if (bytes < 1 || bytes > MAX_BYTES || name.indexOf('\0') >= 0) {
                throw new UsageError(
                        "--name of " + bytes + " bytes, expected a restore point's name of 1 to " + MAX_BYTES);
            }
        }

        @Override
        public Kind kind() {
            return Kind.NAME;
        }

        @Override
        public String describe(ZoneId here) {
            return "restore point \"" + name + '"';
        }

        @Override
        public List<ServerSetting> settings() {
            return List.of(new ServerSetting("recovery_target_name", name));
        }
    }
}
