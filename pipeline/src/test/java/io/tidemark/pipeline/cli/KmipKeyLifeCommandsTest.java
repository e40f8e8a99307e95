package io.tidemark.pipeline.cli;

import static io.tidemark.pipeline.cli.KmsUnderTest.HEX;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A key is made, goes through its states, and ends. */
final class KmipKeyLifeCommandsTest {
    @TempDir
    Path directory;

    @RegisterExtension
    final OpenedKms opened = new OpenedKms();

    private KmsUnderTest kms(Dialect dialect) {
        return opened.start(directory, dialect);
    }

    @Test
    void t55_severalKeysOfAName_areToldAndNoneIsTaken() {
        KmsUnderTest kms = kms(Dialect.COSMIAN);
        String one = kms.kms.keep("alice", "k", KEY);
        String other = kms.kms.keep("alice", "k", KEY);
        for (String command :
                List.of("get --name k", "destroy --name k --yes", "revoke --name k --reason superseded --yes")) {
            Ended ended = kms.run(command.split(" "));

            assertThat(ended.code()).as(command).isEqualTo(ExitCode.KEYS);
            assertThat(ended.err()).as(command).contains("2 keys are named \"k\"", one, other);
        }
        assertThat(kms.kms.asked()).doesNotContain(Operation.GET, Operation.REVOKE, Operation.DESTROY);
    }

    @Test
    void t56_serverThatFindsAnotherKeyThanWasNamed_isNotBelieved() {
        KmsUnderTest kms = kms(Dialect.COSMIAN);
        String id = kms.kms.keep("alice", "k", KEY);
        kms.kms.before(Operation.GET_ATTRIBUTES, () -> kms.kms.rename(id, "other"));

        Ended ended = kms.run("destroy", "--name", "k", "--yes");

        assertThat(ended.code()).isEqualTo(ExitCode.KEYS);
        assertThat(ended.err()).contains("the server found " + id + " for the name \"k\"", "other");
        assertThat(kms.kms.asked()).doesNotContain(Operation.DESTROY);
    }

    @Test
    void create_makesAKeyOnce_andPlansItWithoutMakingIt() {
        KmsUnderTest kms = kms(Dialect.PYKMIP);

        Ended plan = kms.run("create", "--name", "n", "--dry-run");
        assertThat(plan.out()).contains("to be made at provider kms: AES 256, named \"n\", left Pre-Active");
        assertThat(kms.kms.ids()).isEmpty();

        JsonObject made = json(kms.run("create", "--name", "n", "--length", "128", "--activate", "--json"));
        assertThat(made.get("done").getAsBoolean()).isTrue();
        assertThat(made.getAsJsonObject("key").get("state").getAsString()).isEqualTo("active");
        assertThat(kms.kms.bytes(kms.kms.named("n").get(0))).hasSize(16);

        Ended again = kms.run("create", "--name", "n");
        assertThat(again.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(again.err()).contains("there is a key named \"n\" already", "pg_tde uses neither");
        assertThat(kms.kms.ids()).hasSize(1);
    }

    @Test
    void t55_create_whileSomebodyMakesTheSame_saysSo() {
        KmsUnderTest kms = kms(Dialect.COSMIAN);
        kms.kms.before(Operation.CREATE, () -> kms.kms.keep("alice", "n", KEY));

        Ended ended = kms.run("create", "--name", "n");

        assertThat(ended.code()).isEqualTo(ExitCode.KEYS);
        assertThat(ended.out()).contains("another key of that name was made at the same time");
    }

    @Test
    void create_whoseAnswerIsLost_saysThatItMayHaveBeenMade() {
        KmsUnderTest kms = kms(Dialect.COSMIAN);
        kms.kms.distort(Operation.CREATE, reply -> Reply.closing());

        Ended ended = kms.run("create", "--name", "n");

        assertThat(ended.code()).isEqualTo(ExitCode.KEYS);
        assertThat(ended.err())
                .contains("whether the key was made is not known", "HINT: `tidemark kmip locate --name n` tells");
        assertThat(kms.kms.ids()).as("made, and not made again").hasSize(1);
    }

    @Test
    void create_thatCannotActivate_namesTheKeyThatIsThere() {
        KmsUnderTest kms = kms(Dialect.COSMIAN);
        kms.kms.refuse(Operation.ACTIVATE, 0x0C, "not today");

        Ended ended = kms.run("create", "--name", "n", "--activate");

        assertThat(ended.code()).isEqualTo(ExitCode.KEYS);
        assertThat(ended.err())
                .contains("the key was made, it is " + kms.kms.ids().get(0), "not today");
    }

    @Test
    void register_bringsTheKeyOfAFile_andRefusesOneThatOthersCanRead() throws IOException {
        KmsUnderTest kms = kms(Dialect.COSMIAN);
        Path raw = directory.resolve("raw");
        Files.write(raw, KEY);
        Files.setPosixFilePermissions(raw, PosixFilePermissions.fromString("rw-r--r--"));
        Ended open = kms.run("register", "--name", "n", "--key-file", "raw");
        Files.setPosixFilePermissions(raw, PosixFilePermissions.fromString("rw-------"));
        Ended plan = kms.run("register", "--name", "n", "--key-file", "raw", "--dry-run");
        assertThat(kms.kms.ids()).isEmpty();
        Ended done = kms.run("register", "--name", "n", "--key-file", raw.toString());
        Path hex = directory.resolve("hex");
        Files.writeString(hex, HEX.substring(0, 32) + "\n");
        Files.setPosixFilePermissions(hex, PosixFilePermissions.fromString("rw-------"));
        Ended shorter = kms.run("register", "--name", "short", "--key-file", "hex", "--json");

        assertThat(open.code()).isEqualTo(ExitCode.USAGE);
        assertThat(open.err()).contains("is open to others");
        assertThat(plan.out()).contains("AES 256", "check value  " + CheckValue.of(KEY));
        assertThat(done.code()).as(done.err()).isEqualTo(ExitCode.DONE);
        assertThat(kms.kms.bytes(kms.kms.named("n").get(0))).isEqualTo(KEY);
        assertThat(done.out()).contains("check value  " + CheckValue.of(KEY), "state        Pre-Active");
        assertThat(json(shorter).get("bits").getAsInt()).isEqualTo(128);
        assertThat(kms.kms.bytes(kms.kms.named("short").get(0))).isEqualTo(Arrays.copyOf(KEY, 16));
        for (Ended ended : List.of(open, plan, done, shorter)) {
            assertNoKey(ended);
        }
        Files.write(hex, new byte[24]);
        assertThat(kms.run("register", "--name", "x", "--key-file", "hex").err())
                .contains("has neither 16 nor 32 bytes");
    }

    @Test
    void revoke_asksFirst_andSaysWhatItIsThen() {
        KmsUnderTest kms = kms(Dialect.COSMIAN);
        String id = kms.kms.keep("alice", "k", KEY);

        Ended asked = kms.run("revoke", id, "--reason", "superseded");
        Ended plan = kms.run("revoke", id, "--reason", "superseded", "--dry-run");
        assertThat(kms.kms.state(id)).isEqualTo(State.PRE_ACTIVE);
        Ended done = kms.run("revoke", id, "--reason", "superseded", "--yes");

        assertThat(asked.code()).isEqualTo(ExitCode.USAGE);
        assertThat(asked.err()).contains("nothing was changed", "--yes");
        assertThat(plan.code()).isEqualTo(ExitCode.DONE);
        assertThat(plan.out()).isEqualTo(asked.out()).contains("to be revoked: key " + id, "pg_tde cluster");
        assertThat(done.out()).contains("its state is Deactivated now");
        assertThat(kms.kms.state(id)).isEqualTo(State.DEACTIVATED);
        assertThat(kms.run("revoke", id, "--reason", "boredom", "--yes").err())
                .contains("--reason: expected one of unspecified, key-compromise");
    }

    @Test
    void destroy_asksFirst_andSaysPlainlyWhatIsLost() {
        KmsUnderTest kms = kms(Dialect.PYKMIP);
        String id = kms.kms.keep("alice", "k", KEY);

        Ended asked = kms.run("destroy", id);
        assertThat(asked.code()).isEqualTo(ExitCode.USAGE);
        assertThat(asked.out()).contains("to be destroyed: key " + id + " \"k\" (AES 256, Pre-Active)", "lost with it");
        JsonObject plan = json(kms.run("destroy", id, "--dry-run", "--json"));
        assertThat(plan.get("outcome").getAsString()).isEqualTo("planned");
        assertThat(kms.kms.asked()).doesNotContain(Operation.DESTROY);

        Ended done = kms.run("destroy", id, "--yes");
        assertThat(done.code()).as(done.err()).isEqualTo(ExitCode.DONE);
        assertThat(done.out()).contains("destroyed: key " + id, "does not know it any more");
        assertThat(kms.kms.state(id)).isEqualTo(State.DESTROYED);
        assertThat(kms.run("destroy", id, "--yes").code()).isEqualTo(ExitCode.KEYS);
    }

    @Test
    void destroy_ofAnActiveKey_isRefusedByTheServer_andTheHintSaysWhatComesFirst() {
        for (Dialect dialect : Dialect.values()) {
            try (KmsUnderTest kms = new KmsUnderTest(directory.resolve(dialect.name()), dialect)) {
                String id = kms.kms.keep("alice", "k", KEY);

                assertThat(kms.run("activate", id).out()).contains("its state is Active now");
                Ended ended = kms.run("destroy", id, "--yes");

                assertThat(ended.code()).isEqualTo(ExitCode.KEYS);
                assertThat(ended.err()).contains("; the key is active", "HINT: revoke the key first");
                assertThat(kms.kms.state(id)).isEqualTo(State.ACTIVE);
                assertThat(kms.run("activate", id).code()).isEqualTo(ExitCode.KEYS);
            }
        }
    }

    @Test
    void keyThatOpensOurOwnRepositories_isNeitherRevokedNorDestroyed() {
        KmsUnderTest kms = kms(Dialect.COSMIAN);
        String id = kms.kms.keep("alice", "tidemark-prod", KEY);
        for (String command : List.of("destroy --yes", "revoke --reason superseded --yes")) {
            List<String> args = new ArrayList<>(List.of(command.split(" ")));
            args.addAll(List.of(
                    id, "--set", "keys.recipients.0.provider=kms", "--set", "keys.recipients.0.key=tidemark-prod"));

            Ended ended = kms.run(args.toArray(String[]::new));

            assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.REFUSED);
            assertThat(ended.err()).contains("opens repositories of this configuration");
        }
        assertThat(kms.kms.state(id)).isEqualTo(State.PRE_ACTIVE);
    }
}
