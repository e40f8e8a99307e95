package io.tidemark.pipeline.cli;

import io.tidemark.kmip.testing.Dialect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The key servers that one test has started, closed when it ends. */
final class OpenedKms implements AfterEachCallback {
    private final List<KmsUnderTest> opened = new ArrayList<>();

    KmsUnderTest start(Path directory, Dialect dialect) {
        KmsUnderTest kms = new KmsUnderTest(directory, dialect);
        opened.add(kms);
        return kms;
    }

    @Override
    public void afterEach(ExtensionContext ended) {
        opened.forEach(KmsUnderTest::close);
    }
}
