package io.tidemark.pipeline.wal;

import java.util.List;

/**
 * Whose record it is, by number. {@link #toString} is the name that pg_waldump prints.
 *
 * <p>Source: PostgreSQL 15 to 18, src/include/access/rmgrlist.h, rmgr.h.
 */
public record ResourceManager(int number) {
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

    public static final ResourceManager XLOG = new ResourceManager(0);
    public static final ResourceManager XACT = new ResourceManager(1);
    /** pg_tde's own. Source: pg_tde 2.2.0, src/include/access/pg_tde_xlog.h. */
    public static final ResourceManager TDE = new ResourceManager(140);

    /** Whether a server can write records of this number. */
    static boolean isPossible(int number) {
        return number >= 0 && number < NAMES.size() || number >= FIRST_CUSTOM && number <= LAST;
    }

    public ResourceManager {
        if (!isPossible(number)) {
            throw new IllegalArgumentException("no resource manager: " + number);
        }
    }

    @Override
    public String toString() {
        return number < NAMES.size() ? NAMES.get(number) : "custom" + number;
    }
}
