package io.tidemark.it.kmip;

import io.tidemark.kmip.testing.Dialect;
import java.nio.file.Path;

/** The scenarios on what imitates Cosmian KMS for the tests of other modules. */
final class ImitatedCosmianTest extends KmsScenarios {
    @Override
    KmsServer started(Path directory) {
        return new ImitatedKms(directory, Dialect.COSMIAN, Manner.COSMIAN);
    }
}
