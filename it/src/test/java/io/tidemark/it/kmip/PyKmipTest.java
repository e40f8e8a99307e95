package io.tidemark.it.kmip;

import java.nio.file.Path;

/** The scenarios on PyKMIP. */
final class PyKmipTest extends RealKmsScenarios {
    @Override
    KmsServer started(Path directory) {
        return PyKmip.startedIn(directory);
    }
}
