package io.tidemark.pipeline.care.check.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandLintTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tidemark archive-push %p",
                "'/opt/with space/tidemark' --config \"/etc/a b.yaml\" archive-push \"%p\"",
                "/opt/tidemark archive-push %p 2>>/var/log/archive.log",
                "/opt/tidemark archive-push %p >/dev/null 2>&1",
                "test ! -f /mnt/%f && cp %p /mnt/%f",
                "pg_tde_archive_decrypt %f %p \"tidemark archive-push %p\""
            })
    void linesWhoseStatusIsTheWorkers_haveNoFault(String command) {
        assertThat(CommandLint.ofArchive(command)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "pg_tde_archive_decrypt %f %p | pgbackrest archive-push %p # takes three arguments",
                "gzip -c %p | ssh host tidemark archive-push # a pipe's status",
                "tidemark archive-push %p || true # hides that the command failed",
                "tidemark archive-push %p; exit 0 # the last command's",
                "tidemark archive-push %p & # does not wait",
                "/bin/true # archives nothing",
                "true %p # archives nothing",
                "tidemark archive-push # %p is missing",
                "tidemark archive-push %%p # write %p",
                "tidemark archive-push %f %p # takes %p alone"
            })
    void t22_s01_linesThatLie_areNamed(String command, String fault) {
        List<String> faults = CommandLint.ofArchive(command);

        assertThat(faults).as(command).anyMatch(text -> text.contains(fault.strip()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "tidemark archive-get %p %f # %f first",
                "zcat /a/%f | cat > %p # a pipe's status",
                "cp /a/%f %p; exit 0 # the last command's",
                "tidemark archive-get %p # %f is missing",
                "tidemark archive-get %f %%p # write %p",
                "pgbackrest archive-get %f %p # pg_tde_restore_encrypt"
            })
    void s02_restoreLinesThatLie_areNamed(String command, String fault) {
        assertThat(CommandLint.ofRestore(command)).as(command).anyMatch(text -> text.contains(fault.strip()));
    }

    @Test
    void shellLine_quotesAndEscapes_makeWords() {
        ShellLine line = ShellLine.parse("a\\ b 'c | d' \"e ; $(f)\" g&&h\ni");

        assertThat(line.words()).containsExactly("a b", "c | d", "e ; $(f)", "g", "&&", "h", "newline", "i");
        assertThat(line.operators()).containsExactly("$(", "&&", "newline");
    }
}
