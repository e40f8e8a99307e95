package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.EffectiveConfiguration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The options with which a command that PostgreSQL will start later reads the same configuration as this one: the file that was read,
 * and as {@code --set} what came from options and from the environment, which will be another one.
 */
final class CarriedConfiguration {
    private static final Pattern FILE_AND_LINE = Pattern.compile("(/.*):[0-9]+", Pattern.DOTALL);

    private CarriedConfiguration() {}

    /** @param root in hex, where it was accepted by {@code --root}; null where the configuration has it */
    static List<String> words(
            GlobalOptions options,
            EffectiveConfiguration effective,
            Path workingDirectory,
            ClusterSettings cluster,
            @Nullable String root) {
        List<String> words = new ArrayList<>();
        file(options, effective, workingDirectory).ifPresent(file -> {
            words.add("--config");
            words.add(file);
        });
        for (EffectiveConfiguration.Line line : effective.lines()) {
            if (line.origin().equals("--set") || line.origin().startsWith("environment ")) {
                words.add("--set");
                words.add(line.key() + "=" + line.value());
            }
        }
        if (root != null) {
            words.add("--set");
            words.add("cluster." + cluster.name() + ".root=" + root);
        }
        words.add("--cluster");
        words.add(cluster.name());
        return words;
    }

    private static Optional<String> file(
            GlobalOptions options, EffectiveConfiguration effective, Path workingDirectory) {
        if (options.config() != null) {
            return Optional.of(workingDirectory.resolve(options.config()).toString());
        }
        return effective.lines().stream()
                .map(line -> FILE_AND_LINE.matcher(line.origin()))
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1))
                .findFirst();
    }
}
