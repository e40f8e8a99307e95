package io.tidemark.crypto.postgres;

/**
 * Names the files of a relation: tablespace, database and relation number, each 32 bits unsigned. The database is 0 for
 * shared relations.
 *
 * <p>Source: PostgreSQL 17, src/include/storage/relfilelocator.h.
 */
public record RelFileLocator(long tablespace, long database, long relation) implements Comparable<RelFileLocator> {
    public RelFileLocator {
        requireOid("tablespace", tablespace, 1);
        requireOid("database", database, 0);
        requireOid("relation", relation, 1);
    }

    @Override
    public int compareTo(RelFileLocator other) {
        int byTablespace = Long.compare(tablespace, other.tablespace);
        if (byTablespace != 0) {
            return byTablespace;
        }
        int byDatabase = Long.compare(database, other.database);
        return byDatabase != 0 ? byDatabase : Long.compare(relation, other.relation);
    }

    /** As PostgreSQL's tools print it, {@code 1663/5/16432}. */
    @Override
    public String toString() {
        return tablespace + "/" + database + "/" + relation;
    }

    private static void requireOid(String what, long value, long least) {
        if (value < least || value > 0xFFFFFFFFL) {
            throw new IllegalArgumentException("no " + what + " oid: " + value);
        }
    }
}
