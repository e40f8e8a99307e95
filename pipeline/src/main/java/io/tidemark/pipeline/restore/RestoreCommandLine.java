package io.tidemark.pipeline.restore;

import io.tidemark.crypto.postgres.WalSegmentName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The {@code restore_command} of the restored cluster. PostgreSQL first replaces {@code %f}, {@code %p}, {@code %r} and {@code %%},
 * then gives the text to a shell: so each word is quoted for the shell, and then its {@code %} doubled.
 * Source: PostgreSQL 17, {@code BuildRestoreCommand} (src/common/archive.c).
 *
 * @param launcher absolute: the server's working directory is its data directory, its PATH anybody's guess
 * @param configuration the options that lead to the configuration used now: {@code --config}, {@code --set}, {@code --cluster};
 *     asked when a plan is written down, when repositories are open
 */
public record RestoreCommandLine(Path launcher, Supplier<List<String>> configuration) {
    public RestoreCommandLine {
        if (!launcher.isAbsolute()) {
            throw new IllegalArgumentException("launcher at relative path '" + launcher + "'");
        }
    }

    /**
     * @param repositories which have what the plan needs; only these are asked
     * @param through the last segment of the plan, which nothing up to is absent; null where recovery needs none of the archive
     */
    String text(List<String> repositories, @Nullable WalSegmentName through) {
        List<String> words = new ArrayList<>();
        words.add(launcher.toString());
        words.addAll(configuration.get());
        words.add("archive-get");
        for (String repository : repositories) {
            words.add("--repository");
            words.add(repository);
        }
        if (through != null) {
            words.add("--through");
            words.add(through.toString());
        }
        StringBuilder text = new StringBuilder();
        for (String word : words) {
            text.append(word(word)).append(' ');
        }
        return text.append("%f \"%p\"").toString();
    }

    /** A word that a shell gets as it is, behind PostgreSQL's own replacement: quoted, each {@code %} doubled. */
    public static String word(String word) {
        boolean plain = word.matches("[A-Za-z0-9_./:=,@+-]+");
        return (plain ? word : "'" + word.replace("'", "'\\''") + "'").replace("%", "%%");
    }
}
