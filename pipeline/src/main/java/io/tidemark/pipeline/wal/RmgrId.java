package io.tidemark.pipeline.wal;

import java.util.List;

/**
 * The resource manager whose record it is, by number. {@link #toString} is the name that pg_waldump prints.
 *
 * <p>Source: PostgreSQL 15 to 18, src/include/access/rmgrlist.h, rmgr.h.
 */
public record RmgrId(int number) {
    // before the constants, whose constructor asks for them
    private static final List<String> NAMES = List.of(
            "XLOG",
            "Transaction",
            "Storage",
            "CLOG",
            "Database",
            "Tablespace",
            "MultiXact",
            "RelMap",
            "Standby",
            "Heap2",
            "Heap",
            "Btree",
            "Hash",
            "Gin",
            "Gist",
            "Sequence",
            "SPGist",
            "BRIN",
            "CommitTs",
            "ReplicationOrigin",
            "Generic",
            "LogicalMessage");
    private static final int FIRST_CUSTOM = 128;
    private static final int LAST = 255;

    public static final RmgrId XLOG = new RmgrId(0);
    public static final RmgrId XACT = new RmgrId(1);
    /** pg_tde's own. Source: pg_tde 2.2.0, src/include/access/pg_tde_xlog.h. */
    public static final RmgrId TDE = new RmgrId(140);

    /** Whether a server can write records of this number. */
    static boolean isPossible(int number) {
        return number >= 0 && number < NAMES.size() || number >= FIRST_CUSTOM && number <= LAST;
    }

    public RmgrId {
        if (!isPossible(number)) {
            throw new IllegalArgumentException("no resource manager: " + number);
        }
    }

    @Override
    public String toString() {
        return number < NAMES.size() ? NAMES.get(number) : "custom" + number;
    }
}
