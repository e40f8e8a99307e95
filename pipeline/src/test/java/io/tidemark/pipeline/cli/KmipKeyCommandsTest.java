package io.tidemark.pipeline.cli;

import static io.tidemark.pipeline.cli.KmsUnderTest.KEY;
import static io.tidemark.pipeline.cli.KmsUnderTest.assertNoKey;
import static io.tidemark.pipeline.cli.KmsUnderTest.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.tidemark.crypto.keyset.CheckValue;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.attribute.State;
import io.tidemark.kmip.testing.Dialect;
import io.tidemark.kmip.testing.Reply;
import io.tidemark.pipeline.cli.BenchUnderTest.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Which keys there are, and one that is fetched: shown, revealed, refused. */
final class KmipKeyCommandsTest {
    @TempDir
    Path directory;

    @RegisterExtension
    final OpenedKms opened = new OpenedKms();

    private KmsUnderTest kms(Dialect dialect) {
        return opened.start(directory, dialect);
    }

    @Test
    void hostileAnswers_endInFive_andInNoOutput() {
        KmsUnderTest kms = kms(Dialect.COSMIAN);
        String id = kms.kms.keep("alice", "k", KEY);
        for (Operation operation : List.of(Operation.GET, Operation.GET_ATTRIBUTES)) {
            for (Reply reply : List.of(Reply.closing(), Reply.announcing(Integer.MAX_VALUE), Reply.endless(1 << 21))) {
                kms.kms.distort(operation, real -> reply);

                Ended ended = kms.run("get", id, "--reveal", "out");

                assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.KEYS);
                assertThat(ended.out()).isEmpty();
                assertThat(directory.resolve("out")).doesNotExist();
                kms.kms.calm();
            }
        }
    }

    @Test
    void locate_isATable_thatSaysWhereThereMayBeMore() {
        KmsUnderTest kms = kms(Dialect.PYKMIP);
        kms.kms.keep("alice", "tidemark-prod", KEY);
        String second = kms.kms.keep("alice", "evil\u001b[2J\nname", KEY);
        kms.kms.put(second, State.ACTIVE);
        kms.kms.keep("bob", "of-another", KEY);

        Ended all = kms.run("locate");
        Ended one = kms.run("locate", "--max", "1");
        Ended active = kms.run("locate", "--state", "active", "--type", "symmetric-key");

        assertThat(all.code()).as(all.err()).isEqualTo(ExitCode.DONE);
        assertThat(all.out().lines()).hasSize(3);
        assertThat(all.out())
                .contains("Pre-Active  AES 256  tidemark-prod", "Active ", "evil\\u001b[2J\\u000aname")
                .doesNotContain("of-another");
        assertThat(one.out()).contains("1, as many as were asked for: there may be more");
        assertThat(active.out()).contains("evil").doesNotContain("tidemark-prod");
        JsonObject json = json(kms.run("locate", "--name", "tidemark-prod", "--json"));
        assertThat(json.getAsJsonArray("keys")).hasSize(1);
        assertThat(json.get("perhapsMore").getAsBoolean()).isFalse();
    }

    @Test
    void locate_withoutHits_namesTheOwnerThatWeAskedAs() {
        KmsUnderTest kms = kms(Dialect.COSMIAN);
        kms.kms.keep("bob", "tidemark-prod", KEY);

        Ended named = kms.run("locate", "--name", "tidemark-prod");

        assertThat(named.out()).contains("none that fits belongs to the owner \"alice\"", "look like none");
        assertThat(named.code()).isEqualTo(ExitCode.KEYS);
        assertThat(kms.run("locate").code()).isEqualTo(ExitCode.DONE);
        kms.as("client-bob");
        assertThat(kms.run("locate", "--name", "tidemark-prod").out()).contains("tidemark-prod");
    }

    @Test
    void get_showsTheCheckValue_andNeverTheKey() {
        KmsUnderTest kms = kms(Dialect.COSMIAN);
        String id = kms.kms.keep("alice", "tidemark-prod", KEY);

        Ended byName = kms.run("get", "--name", "tidemark-prod");
        Ended byId = kms.run("get", id, "--json");

        assertThat(byName.code()).as(byName.err()).isEqualTo(ExitCode.DONE);
        assertThat(byName.out())
                .contains("identifier   " + id, "name         tidemark-prod", "state        Pre-Active")
                .contains("algorithm    AES 256", "length       32 bytes", "check value  " + CheckValue.of(KEY));
        assertThat(json(byId).get("checkValue").getAsString())
                .isEqualTo(CheckValue.of(KEY).toString());
        assertThat(json(byId).get("revealed").isJsonNull()).isTrue();
        assertNoKey(byName);
        assertNoKey(byId);
        try (var files = Files.list(directory)) {
            assertThat(files.map(Path::getFileName).map(Path::toString)).containsExactly("pki");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void t112_get_revealsTheKeyIntoANewFileOfItsOwnersAlone_andOverwritesNothing() throws IOException {
        KmsUnderTest kms = kms(Dialect.PYKMIP);
        String id = kms.kms.keep("alice", "k", KEY);
        Path file = directory.resolve("k.key");

        Ended ended = kms.run("get", id, "--reveal", "k.key");
        Ended again = kms.run("get", id, "--reveal", "k.key", "--json");

        assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.DONE);
        assertThat(file).hasBinaryContent(KEY);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(ended.out()).contains("revealed     in " + file);
        assertThat(again.code()).isEqualTo(ExitCode.REFUSED);
        assertNoKey(ended);
        assertNoKey(again);

        Files.createSymbolicLink(directory.resolve("link"), directory.resolve("elsewhere"));
        kms.kms.forgetAsked();
        for (String[] bad : new String[][] {{"link", "8"}, {"/dev/stdout", "8"}, {"-", "2"}, {"no/such/dir", "2"}}) {
            assertThat(kms.run("get", id, "--reveal", bad[0]).code().number())
                    .as(bad[0])
                    .isEqualTo(Integer.parseInt(bad[1]));
        }
        assertThat(kms.kms.asked())
                .as("no key was fetched for a file that cannot be")
                .doesNotContain(Operation.GET);
        assertThat(directory.resolve("elsewhere")).doesNotExist();
    }

    @Test
    void t115_reveal_thatFailsAfterTheKeyIsHere_leavesItNowhere() throws IOException {
        KmsUnderTest kms = kms(Dialect.PYKMIP);
        String id = kms.kms.keep("alice", "k", KEY);
        Path empty = Files.createDirectory(directory.resolve("empty"));

        Ended ended = kms.run("get", id, "--reveal", "empty/" + "x".repeat(300));

        assertThat(kms.kms.asked()).contains(Operation.GET);
        assertThat(ended.code()).isEqualTo(ExitCode.STORE);
        assertThat(ended.out()).isEmpty();
        assertNoKey(ended);
        assertThat(empty).isEmptyDirectory();
    }

    @Test
    void t58_get_ofARevokedKey_isRefusedByCosmian_andExportStillHasIt() {
        KmsUnderTest kms = kms(Dialect.COSMIAN);
        String id = kms.kms.keep("alice", "k", KEY);
        kms.kms.put(id, State.DEACTIVATED);

        Ended get = kms.run("get", "--name", "k");
        Ended export = kms.run("export", "--name", "k", "--reveal", "out");

        assertThat(get.code()).isEqualTo(ExitCode.KEYS);
        assertThat(get.err()).contains("state does not allow it", "Export");
        assertThat(export.code()).as(export.err()).isEqualTo(ExitCode.DONE);
        assertThat(export.out()).contains("state        Deactivated", "check value  " + CheckValue.of(KEY));
        assertThat(directory.resolve("out")).hasBinaryContent(KEY);
        assertNoKey(get);
        assertNoKey(export);
    }

    @Test
    void t60_get_ofADestroyedKey_isAPlainStatementOfLoss() {
        KmsUnderTest kms = kms(Dialect.COSMIAN);
        String id = kms.kms.keep("alice", "k", KEY);
        kms.kms.put(id, State.DESTROYED);

        Ended ended = kms.run("get", id);

        assertThat(ended.code()).isEqualTo(ExitCode.KEYS);
        assertThat(ended.err()).contains("the key was destroyed", "lost");
    }

    @Test
    void keyOfAnotherOwner_isNotThereOrDenied_withTheOwnerThatWeAskAs() {
        KmsUnderTest hiding = kms(Dialect.COSMIAN);
        Ended absent = hiding.run("get", hiding.kms.keep("bob", "k", KEY));
        Ended byName = hiding.run("get", "--name", "k");
        KmsUnderTest telling = kms(Dialect.PYKMIP);
        Ended denied = telling.run("get", telling.kms.keep("bob", "k", KEY), "--reveal", "out");

        assertThat(absent.code()).isEqualTo(ExitCode.KEYS);
        assertThat(absent.err()).contains("no such key", "\"alice\"");
        assertThat(byName.code()).isEqualTo(ExitCode.KEYS);
        assertThat(byName.err()).contains("no key is named \"k\"", "\"alice\"");
        assertThat(denied.code()).isEqualTo(ExitCode.KEYS);
        assertThat(denied.err()).contains("does not permit it", "HINT: ", "\"alice\"");
        for (Ended ended : List.of(absent, byName, denied)) {
            assertThat(ended.out()).isEmpty();
            assertNoKey(ended);
        }
        assertThat(directory.resolve("out")).doesNotExist();
    }
}
