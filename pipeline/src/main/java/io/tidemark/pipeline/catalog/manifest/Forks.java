package io.tidemark.pipeline.catalog.manifest;

import io.tidemark.crypto.postgres.ForkNumber;

/** Relation forks in PostgreSQL's words, {@code main}, {@code fsm}, {@code vm}, {@code init}. */
final class Forks {
    private Forks() {}

    static ForkNumber parse(String word) {
        for (ForkNumber fork : ForkNumber.values()) {
            if (word(fork).equals(word)) {
                return fork;
            }
        }
        throw new IllegalArgumentException("no relation fork: '" + word + "'");
    }

    static String word(ForkNumber fork) {
        return switch (fork) {
            case MAIN -> "main";
            case FSM -> "fsm";
            case VM -> "vm";
            case INIT -> "init";
        };
    }
}
