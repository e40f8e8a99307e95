package io.tidemark.pipeline.keys;

import io.tidemark.crypto.keyset.Generation;
import org.jspecify.annotations.Nullable;

/**
 * What one generation of a repository is.
 *
 * @param generation its text; null where it does not count
 * @param keys how many keys its keyset holds; 0 where it does not count
 * @param problem why it does not count; null where it does
 */
public record GenerationStatus(
        int number,
        @Nullable Generation generation,
        int keys,
        @Nullable GenerationProblem problem) {

    static GenerationStatus valid(Generation generation, int keys) {
        return new GenerationStatus(generation.number(), generation, keys, null);
    }

    static GenerationStatus invalid(int number, GenerationProblem problem) {
        return new GenerationStatus(number, null, 0, problem);
    }
}
