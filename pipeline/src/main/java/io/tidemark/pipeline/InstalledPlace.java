package io.tidemark.pipeline;

import io.tidemark.pipeline.care.demo.Product;
import io.tidemark.pipeline.config.UsageError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The launcher that started this program, and its jars: {@code lib/} beside {@code bin/} where it is installed,
 * {@code pipeline/target/tidemark/lib} in a source tree.
 *
 * <p>The launcher says where it lies. Where our classes come from would not do: of one that was mapped from a class-data
 * archive Java names the jar that lay there when the archive was made.
 */
final class InstalledPlace {
    private InstalledPlace() {}

    static Product.Installation ofThisProcess() {
        String said = System.getProperty("tidemark.launcher", "");
        if (said.isEmpty()) {
            throw new UsageError("this command needs to know its launcher: start it by bin/tidemark");
        }
        Path launcher = Path.of(said);
        List<Path> libraries = Stream.of("../../lib", "../../../pipeline/target/tidemark/lib")
                .map(place -> launcher.resolve(place).normalize())
                .toList();
        return libraries.stream()
                .filter(Files::isDirectory)
                .findFirst()
                .map(place -> new Product.Installation(launcher, place))
                .orElseThrow(() -> new UsageError("no jars at any of " + libraries));
    }
}
