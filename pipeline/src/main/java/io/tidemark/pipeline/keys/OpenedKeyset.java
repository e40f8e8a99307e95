package io.tidemark.pipeline.keys;

import io.tidemark.crypto.keyset.Generation;
import io.tidemark.crypto.keyset.KeysetDerivations;
import io.tidemark.crypto.keyset.SealingKeyset;
import io.tidemark.crypto.seal.SealingKey;
import io.tidemark.pipeline.config.IntegrityFailed;
import java.util.List;

/** The generation of a repository that counts, opened. Closing it wipes the keyset and what was derived from it. */
public final class OpenedKeyset implements AutoCloseable {
    private final Generation generation;
    private final SealingKeyset keyset;
    private final KeysetDerivations derivations;
    private final Identity identity;
    private final List<GenerationProblem> problems;
    private final int remembered;

    OpenedKeyset(GenerationReader.Valid valid, List<GenerationProblem> problems, int remembered) {
        this.generation = valid.generation();
        this.keyset = valid.keyset();
        this.derivations = valid.derivations();
        this.identity = valid.identity();
        this.problems = List.copyOf(problems);
        this.remembered = remembered;
    }

    /** The generation as it was read: number and recipients. */
    public Generation generation() {
        return generation;
    }

    /** Owned by this object. */
    public SealingKeyset keyset() {
        return keyset;
    }

    /** Owned by this object. */
    public KeysetDerivations derivations() {
        return derivations;
    }

    /** By whom it was opened. */
    public Identity identity() {
        return identity;
    }

    /** Higher generations that the repository offers and that do not count. */
    public List<GenerationProblem> problems() {
        return problems;
    }

    /** The highest generation that this node remembers to have used; 0 for none. */
    public int remembered() {
        return remembered;
    }

    /** The primary key, unless this node has written under a higher generation already: {@link IntegrityFailed} then. */
    public SealingKey sealing() {
        if (remembered > generation.number()) {
            throw new IntegrityFailed(
                    "this node has used keyset generation " + remembered + ", the repository's highest that opens is "
                            + generation.number() + ": nothing is written under an older one",
                    "a generation was deleted, or an old copy of the repository put in its place; "
                            + "`tidemark init` copies a missing generation from another repository");
        }
        return keyset.primary();
    }

    @Override
    public void close() {
        derivations.close();
        keyset.close();
    }

    @Override
    public String toString() {
        return "OpenedKeyset[generation " + generation.number() + "]";
    }
}
