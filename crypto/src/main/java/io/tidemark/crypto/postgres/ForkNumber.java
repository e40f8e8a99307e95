package io.tidemark.crypto.postgres;

/**
 * The forks of a relation, in PostgreSQL's order and numbers.
 *
 * <p>Source: PostgreSQL 17, {@code forkNames} (src/common/relpath.c).
 */
public enum ForkNumber {
    MAIN(""),
    FSM("_fsm"),
    VM("_vm"),
    INIT("_init");

    private final String suffix;

    ForkNumber(String suffix) {
        this.suffix = suffix;
    }

    /** What follows the relation's number in the file's name, {@code _fsm}; empty for the main fork. */
    public String suffix() {
        return suffix;
    }

    /** PostgreSQL's number of the fork, 0 to 3. */
    public int number() {
        return ordinal();
    }

    /** @throws IllegalArgumentException for a suffix that no fork has */
    public static ForkNumber ofSuffix(String suffix) {
        for (ForkNumber fork : values()) {
            if (fork.suffix.equals(suffix)) {
                return fork;
            }
        }
        throw new IllegalArgumentException("no relation fork: '" + suffix + "'");
    }
}
