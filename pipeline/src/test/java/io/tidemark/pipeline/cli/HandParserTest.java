package io.tidemark.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.tidemark.pipeline.config.NotInThisVersion;
import io.tidemark.pipeline.config.UsageError;
import org.junit.jupiter.api.Test;

/** By hand and by picocli: what the help says of these two commands must be what happens. */
final class HandParserTest {

    @Test
    void archivePush_isParsedAsPicocliParsesIt() {
        String[][] lines = {
            {"archive-push", "pg_wal/000000010000000000000001"},
            {"--cluster", "prod", "archive-push", "--quiet", "a b"},
            {"archive-push", "--set=a.b=c=d", "x", "--set", "e.f=", "--config", "/etc/x.yaml"},
            {"--config=x", "--set", "archive-get=1", "archive-push", "%p"},
        };
        for (String[] line : lines) {
            Invocation byHand = HandParser.archivePush(line);
            Invocation byPicocli = Commands.parse(line);

            assertThat(byHand.options()).isEqualTo(byPicocli.options());
            assertThat(((ArchivePushCommand) byHand.verb()).path)
                    .isEqualTo(((ArchivePushCommand) byPicocli.verb()).path);
        }
    }

    @Test
    void archiveGet_isParsedAsPicocliParsesIt() {
        String[][] lines = {
            {"archive-get", "000000010000000000000001", "pg_wal/RECOVERYXLOG"},
            {"archive-get", "--repository", "a", "f", "--repository=b", "p", "--through", "00000001000000000000000F"},
            {"--set", "a=b", "--quiet", "--cluster=c", "archive-get", "f", "p"},
        };
        for (String[] line : lines) {
            Invocation byHand = HandParser.archiveGet(line);
            Invocation byPicocli = Commands.parse(line);

            assertThat(byHand.options()).isEqualTo(byPicocli.options());
            assertThat((ArchiveGetCommand) byHand.verb())
                    .usingRecursiveComparison()
                    .isEqualTo(byPicocli.verb());
        }
    }

    @Test
    void argumentsThatDoNotFit_areRefusedByBoth() {
        String[][] lines = {
            {"archive-push"},
            {"archive-push", "a", "b"},
            {"archive-push", "a", "--quite"},
            {"archive-push", "a", "--quiet=yes"},
            {"archive-push", "a", "--config"},
            {"archive-push", "a", "--repository", "r"},
            {"archive-get", "a"},
            {"archive-get", "a", "b", "c"},
            {"archive-get", "a", "b", "--to", "c"},
        };
        for (String[] line : lines) {
            assertThat(catchThrowable(() -> byHand(line)))
                    .as(String.join(" ", line))
                    .isInstanceOf(UsageError.class);
            assertThat(catchThrowable(() -> Commands.parse(line)))
                    .as(String.join(" ", line))
                    .isInstanceOf(UsageError.class);
        }
    }

    private static Invocation byHand(String[] line) {
        return HandParser.command(line).equals("archive-push")
                ? HandParser.archivePush(line)
                : HandParser.archiveGet(line);
    }

    @Test
    void command_isTheFirstWordThatIsNoOptionsValue() {
        assertThat(HandParser.command(new String[] {"--config", "archive-get", "archive-push", "x"}))
                .isEqualTo("archive-push");
        assertThat(HandParser.command(new String[] {"--config=archive-get"})).isEmpty();
        assertThat(HandParser.command(new String[] {})).isEmpty();
    }

    @Test
    void piecesOfStreamedWal_areNotInThisVersion() {
        assertThatThrownBy(() -> HandParser.archiveGet(new String[] {"archive-get", "--with-pieces", "a", "b"}))
                .isInstanceOf(NotInThisVersion.class);
    }

    @Test
    void t112_valueOfAnUnknownOption_isNotRepeated() {
        Throwable error =
                catchThrowable(() -> HandParser.archivePush(new String[] {"archive-push", "x", "--password=geheim"}));

        assertThat(error).hasMessageContaining("--password").hasMessageNotContaining("geheim");
    }
}
