package io.tidemark.it.kmip;

import io.tidemark.kmip.testing.Dialect;
import java.nio.file.Path;

/** The scenarios on what imitates PyKMIP for the tests of other modules: that it does is shown by passing what PyKMIP passes. */
final class ImitatedPyKmipTest extends KmsScenarios {
    @Override
    KmsServer started(Path directory) {
        return new ImitatedKms(directory, Dialect.PYKMIP, Manner.PYKMIP);
    }
}
