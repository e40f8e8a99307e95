package io.tidemark.pipeline;

import io.tidemark.pipeline.care.demo.Product;
import io.tidemark.pipeline.config.UsageError;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Finds the launcher of the running program from where its own jar lies: {@code bin/} beside {@code lib/} where it is
 * installed, {@code deploy/bin/} in a source tree, whose jars lie in {@code pipeline/target/tidemark/lib}.
 */
final class InstalledPlace {
    private InstalledPlace() {}

    static Product.Installation ofThisProcess() {
        Path libraries = jar().resolveSibling(".").normalize();
        List<Path> launchers = List.of(
                libraries.resolve("../bin/tidemark").normalize(),
                libraries.resolve("../../../../deploy/bin/tidemark").normalize());
        return launchers.stream()
                .filter(Files::isRegularFile)
                .findFirst()
                .map(launcher -> new Product.Installation(launcher, libraries))
                .orElseThrow(() -> new UsageError("no launcher at any of " + launchers));
    }

    private static Path jar() {
        try {
            return Path.of(InstalledPlace.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a class path entry that is no path", e);
        }
    }
}
