package io.tidemark.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.tidemark.crypto.keyset.CheckValue;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.attribute.State;
import io.tidemark.kmip.testing.Dialect;
import io.tidemark.kmip.testing.Reply;
import io.tidemark.kmip.testing.ServerTls;
import io.tidemark.pipeline.cli.BenchUnderTest.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KmipServerCommandsTest {
    private static final String HEX = "8f3c5a1db7e2409966d1c0aef4238b757a90e1d2c3b4f5061728394a5b6c7d8e";
    private static final byte[] KEY = HexFormat.of().parseHex(HEX);

    @TempDir
    Path directory;

    private final List<KmsUnderTest> opened = new ArrayList<>();

    private KmsUnderTest kms(Dialect dialect) {
        KmsUnderTest kms = new KmsUnderTest(directory, dialect);
        opened.add(kms);
        return kms;
    }

    @AfterEach
    void close() {
        opened.forEach(KmsUnderTest::close);
    }

    private static JsonObject json(Ended ended) {
        assertThat(ended.out().strip()).as(ended.err()).doesNotContain("\n");
        return JsonParser.parseString(ended.out()).getAsJsonObject();
    }

    /** In no form, and not half of it either. */
    private static void assertNoKey(Ended ended) {
        String said = ended.out() + ended.err();
        assertThat(said.toLowerCase(Locale.ROOT).replaceAll("[^0-9a-z]", "")).doesNotContain(HEX.substring(4, 20));
        assertThat(said).doesNotContain(Base64.getEncoder().encodeToString(KEY).substring(3, 20));
        assertThat(said).doesNotContain(Arrays.toString(KEY).substring(1, 20));
    }

    @Test
    void query_saysInOneLineWhatTheServerIs_andAsWhomItKnowsUs() {
        KmsUnderTest kms = kms(Dialect.COSMIAN);

        Ended ended = kms.run("query");

        assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.DONE);
        assertThat(ended.out().lines()).hasSize(1);
        assertThat(ended.out())
                .startsWith("ok      localhost:" + kms.server.port() + "  KMIP 1.4 (of 2.1 2.0 1.4 1.3 1.2 1.1 1.0), ")
                .contains("\"scripted COSMIAN\"", "as \"alice\"", "certificates: server ", " d left, ours ", " ms");
    }

    @Test
    void query_inDetail_tellsOperationsCertificatesAndTheTimeOfEachStep() {
        Ended ended = kms(Dialect.PYKMIP).run("query", "--detail");

        assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.DONE);
        assertThat(ended.out())
                .contains("TLSv1.3, TLS_", "2.0 1.4 1.3 1.2 1.1 1.0; requests go out in 1.4")
                .contains("Locate, Get, ", "Symmetric Key", "\"DNS:localhost, IP:127.0.0.1")
                .containsPattern(
                        "resolve \\d+\\.\\d ms, connect \\d+\\.\\d ms, handshake \\d+\\.\\d ms, first answer \\d");
    }

    @Test
    void query_asJson_isOneObjectAHost() {
        JsonObject json = json(kms(Dialect.COSMIAN).run("query", "--json"));

        assertThat(json.get("usable").getAsBoolean()).isTrue();
        assertThat(json.get("version").getAsString()).isEqualTo("1.4");
        assertThat(json.getAsJsonArray("operations").toString()).contains("\"Export\"", "\"Locate\"");
        assertThat(json.getAsJsonObject("ourCertificate").get("commonName").getAsString())
                .isEqualTo("alice");
        assertThat(json.getAsJsonArray("serverCertificates")).isNotEmpty();
        assertThat(json.getAsJsonObject("milliseconds").keySet())
                .containsExactly("resolve", "connect", "handshake", "firstAnswer");
    }

    @Test
    void t82_query_saysWhichCheckOfTheServersCertificateFailed_andThatPgTdeDoesNotMind() {
        KmsUnderTest kms = kms(Dialect.COSMIAN);
        for (String[] bad : new String[][] {
            {"server-expired.crt", "server-expired"},
            {"server-wronghost.crt", "server-name"},
            {"server-selfsigned.crt", "server-issuer"},
            {"server-clienteku.crt", "server-usage"},
        }) {
            kms.server.shows(ServerTls.good().showing(bad[0]));

            Ended ended = kms.run("query");
            JsonObject json = json(kms.run("query", "--json"));

            assertThat(ended.code()).as(bad[0]).isEqualTo(ExitCode.KEYS);
            assertThat(ended.out())
                    .as(bad[0])
                    .startsWith("FAILED  localhost:")
                    .contains("TLS " + bad[1] + ": ", "HINT: ", "pg_tde does not verify");
            assertThat(json.getAsJsonObject("error").get("check").getAsString()).isEqualTo(bad[1]);
            assertThat(json.getAsJsonObject("ourCertificate").get("commonName").getAsString())
                    .isEqualTo("alice");
        }
    }

    @Test
    void t83_query_saysWhenItIsOurCertificateThatTheServerRefuses() {
        KmsUnderTest kms = kms(Dialect.COSMIAN);
        kms.as("client-expired");

        Ended ended = kms.run("query");

        assertThat(ended.code()).isEqualTo(ExitCode.KEYS);
        assertThat(ended.out())
                .contains("TLS client-certificate: ", "our own certificate: EXPIRED ")
                .doesNotContain("pg_tde does not verify");
        kms.server.shows(ServerTls.good().clients(ServerTls.Clients.NOT_ASKED));
        Ended lenient = kms.run("query");
        assertThat(lenient.out()).startsWith("ok ").contains("ours EXPIRED ");
        assertThat(lenient.code()).as("it will be refused sooner or later").isEqualTo(ExitCode.KEYS);
    }

    @Test
    void everyCommand_whoseServerIsNotThere_endsInFiveAndSaysWhere() {
        KmsUnderTest kms = kms(Dialect.COSMIAN);
        kms.server.stop();
        for (String command : List.of("query", "locate", "get 1", "create --name n", "destroy 1 --yes")) {
            Ended ended = kms.run(command.split(" "));

            assertThat(ended.code()).as(command).isEqualTo(ExitCode.KEYS);
            assertThat(ended.out() + ended.err()).as(command).contains("localhost:" + kms.server.port(), "HINT: ");
        }
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
    void keyOfAnotherOwner_isDeniedOrNotThere_withTheOwnerThatWeAskAs() {
        KmsUnderTest hiding = kms(Dialect.COSMIAN);
        String hidden = hiding.kms.keep("bob", "k", KEY);
        Ended absent = hiding.run("get", hidden);
        Ended byName = hiding.run("get", "--name", "k");
        hiding.close();
        opened.clear();

        assertThat(absent.code()).isEqualTo(ExitCode.KEYS);
        assertThat(absent.err()).contains("no such key", "\"alice\"");
        assertThat(byName.err()).contains("no key is named \"k\"", "\"alice\"");
        assertNoKey(absent);
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

    @Test
    void whichServerAndWhichKey_mustBeClear() {
        try (BenchUnderTest bench = new BenchUnderTest(directory)) {
            assertThat(bench.run("kmip", "query"))
                    .extracting(Ended::code, ended -> ended.err().contains("no key service is configured"))
                    .containsExactly(ExitCode.USAGE, true);
        }
        KmsUnderTest kms = kms(Dialect.COSMIAN);
        assertThat(kms.run("query", "--provider", "kms").code()).isEqualTo(ExitCode.DONE);
        assertThat(kms.run("query", "--provider", "other").err()).contains("there is no provider \"other\"");
        assertThat(kms.run("get").err()).contains("kmip get needs either the key's ID or --name NAME");
        assertThat(kms.run("get", "1", "--name", "n").code()).isEqualTo(ExitCode.USAGE);
        assertThat(kms.run("get", " ").code()).isEqualTo(ExitCode.USAGE);
        assertThat(kms.run("rekey", "1").code()).as("there is no such command").isEqualTo(ExitCode.USAGE);
    }
}
