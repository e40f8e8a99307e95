package io.tidemark.pipeline.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.crypto.postgres.WalSegmentName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class RestoreCommandLineTest {
    private static final WalSegmentName THROUGH = WalSegmentName.parse("000000010000000000000017");

    @Test
    void text_namesLauncherConfigurationRepositoriesAndLastSegment() {
        RestoreCommandLine line = new RestoreCommandLine(
                Path.of("/usr/bin/tidemark"),
                () -> List.of("--config", "/etc/tidemark/tidemark.yaml", "--cluster", "prod"));

        assertThat(line.text(List.of("local", "paris"), THROUGH))
                .isEqualTo("/usr/bin/tidemark --config /etc/tidemark/tidemark.yaml --cluster prod archive-get"
                        + " --repository local --repository paris --through 000000010000000000000017 %f \"%p\"");
    }

    @Test
    void text_withoutArchivedWal_hasNoThrough() {
        assertThat(new RestoreCommandLine(Path.of("/t"), List::of).text(List.of("local"), null))
                .isEqualTo("/t archive-get --repository local %f \"%p\"");
    }

    @Test
    void launcher_atARelativePath_isRefused() {
        assertThatThrownBy(() -> new RestoreCommandLine(Path.of("bin/tidemark"), List::of))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** What PostgreSQL does with the text: its own escapes, then a shell, which is asked here what it makes of the words. */
    @Test
    void t22_t118_oddWords_reachTheLauncherAsTheyWere() throws IOException, InterruptedException {
        List<String> odd = List.of(
                "--set",
                "a=50% off %p",
                "--set",
                "b=it's \"quoted\" $HOME `x` \\ é",
                "--set",
                "c=two\nlines",
                "--set",
                "d=%%f");
        RestoreCommandLine line = new RestoreCommandLine(Path.of("/bin/p r%i'nt"), () -> odd);

        List<String> words = shellWords(postgres(line.text(List.of("local"), THROUGH)));

        List<String> expected = new ArrayList<>(List.of("/bin/p r%i'nt"));
        expected.addAll(odd);
        expected.addAll(List.of(
                "archive-get",
                "--repository",
                "local",
                "--through",
                THROUGH.toString(),
                "FILE",
                "pg_wal/RECOVERY XLOG"));
        assertThat(words).isEqualTo(expected);
    }

    /** {@code replace_percent_placeholders}: an unknown letter behind % is an error. */
    private static String postgres(String command) {
        Matcher matcher = Pattern.compile("%(.)", Pattern.DOTALL).matcher(command);
        return matcher.replaceAll(found -> Matcher.quoteReplacement(
                switch (found.group(1)) {
                    case "%" -> "%";
                    case "f" -> "FILE";
                    case "p" -> "pg_wal/RECOVERY XLOG";
                    default -> throw new AssertionError("unexpected placeholder %" + found.group(1));
                }));
    }

    private static List<String> shellWords(String command) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("/bin/sh", "-c", "printf '%s\\0' " + command).start();
        String out = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).isZero();
        return List.of(out.split("\0"));
    }
}
