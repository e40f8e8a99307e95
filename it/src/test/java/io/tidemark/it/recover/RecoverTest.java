package io.tidemark.it.recover;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.tidemark.crypto.keyset.KeysetContext;
import io.tidemark.crypto.keyset.SealingKeyset;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** deploy/recover.py as a child process: invariant 10, a repository outlives Tidemark. */
class RecoverTest {
    private static final String NAME = "7710/wal/00000001/0000000100000000/000000010000000000000001";

    private static Python python;

    @TempDir
    private Path temporary;

    private TestRoot root;

    @BeforeAll
    static void interpreter() {
        python = Python.forRecover();
    }

    @BeforeEach
    void aRoot() {
        root = new TestRoot(temporary);
    }

    @Test
    void object_ofAnySize_comesOutByEitherKey() {
        for (int length : new int[] {0, 1, 65_000, 65_480, 70_000, 1 << 20}) {
            byte[] file = noise(length);
            root.put(NAME, file);

            Python.Outcome byFile = python.recover(root.directory(), NAME, "--key", root.keyFile());
            Python.Outcome byRecovery = python.recover(
                    root.directory(), NAME, "--recovery-key", root.recoveryFile(), "--root", root.rootHex());

            assertThat(byFile.code()).as(byFile.err()).isZero();
            assertThat(byFile.bytes()).isEqualTo(file);
            assertThat(byFile.err()).contains("good");
            assertThat(byRecovery.code()).as(byRecovery.err()).isZero();
            assertThat(byRecovery.bytes()).isEqualTo(file);
        }
    }

    @Test
    void key_inHexOrEncryptedPem_isTakenToo() {
        byte[] file = noise(1000);
        root.put(NAME, file);
        String hex = HexFormat.of().formatHex(TestRoot.read(root.keyFile()));
        Path hexFile = TestRoot.write(temporary.resolve("hex.key"), (hex + "\n").getBytes(UTF_8));
        Path encrypted = TestRoot.write(
                temporary.resolve("encrypted.key"),
                root.recovery()
                        .toEncryptedPem("correct horse".toCharArray(), new SecureRandom())
                        .getBytes(UTF_8));
        Path right = TestRoot.write(temporary.resolve("right"), "correct horse\n".getBytes(UTF_8));
        Path wrong = TestRoot.write(temporary.resolve("wrong"), "correct house\n".getBytes(UTF_8));

        assertThat(python.recover(root.directory(), NAME, "--key", hexFile).bytes())
                .isEqualTo(file);
        assertThat(recoverWith(encrypted, right).bytes()).isEqualTo(file);
        assertThat(recoverWith(encrypted, wrong).code()).isEqualTo(5);
    }

    private Python.Outcome recoverWith(Path recoveryKey, Path passphrase) {
        return python.recover(
                root.directory(),
                NAME,
                "--recovery-key",
                recoveryKey,
                "--passphrase-file",
                passphrase,
                "--root",
                root.rootHex());
    }

    @Test
    void pack_comesOutAsItsChunksAndItsIndex() {
        byte[] chunk = noise(300_000);
        byte[] index = "{\"offset\":0}\n".getBytes(UTF_8);
        byte[] chunks = TestRoot.frames(chunk, new byte[8192]);
        byte[] file = concatenated(chunk, new byte[8192], index);
        JsonObject facts = TestRoot.facts("pack", file);
        facts.addProperty("index", chunks.length);
        String name = "7710/backup/20261127T020000Z-abcdef/pack/01/00000001";
        root.putContent(name, TestRoot.content(concatenated(chunks, TestRoot.frames(index)), facts));

        Python.Outcome content = python.recover(root.directory(), name, "--key", root.keyFile());
        Python.Outcome asked = python.recover(root.directory(), name, "--key", root.keyFile(), "--facts");

        assertThat(content.code()).as(content.err()).isZero();
        assertThat(content.bytes()).isEqualTo(file);
        assertThat(JsonParser.parseString(new String(asked.bytes(), UTF_8))).isEqualTo(facts);
    }

    @Test
    void object_changedInTheMiddle_givesNoByteFromThereOn() {
        byte[] file = noise(300_000);
        root.put(NAME, file);
        byte[] sealed = TestRoot.read(root.object(NAME));
        sealed[2 * 65_536 + 5] ^= 1;
        TestRoot.write(root.object(NAME), sealed);

        Python.Outcome outcome = python.recover(root.directory(), NAME, "--key", root.keyFile());

        assertThat(outcome.code()).isEqualTo(4);
        assertThat(outcome.err()).contains("sealed segment 2").contains("NOT GOOD");
        assertThat(outcome.bytes().length).isLessThan(2 * 65_536);
        assertThat(outcome.bytes()).isEqualTo(Arrays.copyOf(file, outcome.bytes().length));
    }

    @Test
    void object_cutAppendedRenamedOrOfAnotherCluster_givesNothing() {
        root.put(NAME, noise(200_000));
        byte[] sealed = TestRoot.read(root.object(NAME));
        String other = NAME.replace("0001", "0002");
        TestRoot.write(root.object(other), sealed);
        assertGivesNothing(other);

        for (int length : new int[] {0, 39, 40, 55, 65_536, 131_072, sealed.length - 1, sealed.length + 1}) {
            TestRoot.write(root.object(NAME), Arrays.copyOf(sealed, length));
            assertGivesNothing(NAME);
        }
        TestRoot.write(root.object(NAME), sealed);
        String marker = new String(TestRoot.read(root.object("tidemark.json")), UTF_8);
        TestRoot.write(
                root.object("tidemark.json"), marker.replace("1111", "1112").getBytes(UTF_8));
        assertGivesNothing(NAME);
    }

    @Test
    void everyBitAndEveryCut_ofASmallObject_isRefused() {
        root.put(NAME, "small".getBytes(UTF_8));
        long seed = Long.getLong("tidemark.seed", 20261127);
        String bits = Integer.getInteger("tidemark.effort", 1) >= 10 ? "8" : "1";

        Python.Outcome outcome = python.script("tamper.py", root.directory(), NAME, root.keyFile(), seed, bits);

        assertThat(outcome.code()).as("seed %s: %s", seed, outcome.err()).isZero();
        assertThat(new String(outcome.bytes(), UTF_8)).startsWith("refused ");
    }

    @Test
    void facts_thatDoNotFitTheFile_areAMismatch() {
        byte[] file = noise(1000);
        for (String change : new String[] {"size+", "size-", "sha256", "format", "missing"}) {
            JsonObject facts = TestRoot.facts("wal", file);
            switch (change) {
                case "size+" -> facts.addProperty("size", 1001);
                case "size-" -> facts.addProperty("size", 999);
                case "sha256" -> facts.addProperty("sha256", "0".repeat(64));
                case "format" -> facts.addProperty("format", 2);
                default -> facts.remove("sha256");
            }
            root.putContent(NAME, TestRoot.content(TestRoot.frames(file), facts));

            assertThat(python.recover(root.directory(), NAME, "--key", root.keyFile())
                            .code())
                    .as(change)
                    .isEqualTo(4);
        }
    }

    @Test
    void content_ofAnInsider_endsInAMismatchAndNotInMemory() {
        byte[] file = noise(1000);
        JsonObject facts = TestRoot.facts("wal", file);
        byte[] frames = TestRoot.frames(file);
        byte[] bomb = TestRoot.frames(new byte[64 << 20]);
        byte[] brokenChecksum = frames.clone();
        brokenChecksum[brokenChecksum.length - 1] ^= 1;
        byte[] whole = TestRoot.content(frames, facts);
        byte[] farFacts = whole.clone();
        Arrays.fill(farFacts, farFacts.length - 4, farFacts.length, (byte) 0xFF);

        assertMismatch(TestRoot.content(bomb, facts));
        assertMismatch(TestRoot.content(brokenChecksum, facts));
        assertMismatch(TestRoot.content(Arrays.copyOf(frames, frames.length - 5), facts));
        assertMismatch(TestRoot.content(new byte[0], facts));
        assertMismatch(TestRoot.content(noise(1000), facts));
        assertMismatch(farFacts);
        assertMismatch(Arrays.copyOf(whole, whole.length - 1));
        assertMismatch(new byte[0]);
        assertMismatch(frames);
    }

    @Test
    void generation_forgedForTheRecoveryKey_isNotUsedAndTheOlderOneIs() {
        byte[] file = noise(1000);
        root.put(NAME, file);
        SealingKeyset forged = SealingKeyset.create();
        root.putGeneration(2, forged);

        Python.Outcome outcome =
                python.recover(root.directory(), NAME, "--recovery-key", root.recoveryFile(), "--root", root.rootHex());

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.bytes()).isEqualTo(file);
        assertThat(outcome.err()).contains("keys/00000002.json opens, but its root is");
    }

    @Test
    void root_ofAnotherCluster_isAMismatchAndUnknownIsLoud() {
        root.put(NAME, noise(1000));

        Python.Outcome other =
                python.recover(root.directory(), NAME, "--recovery-key", root.recoveryFile(), "--root", "0".repeat(32));
        Python.Outcome unknown =
                python.recover(root.directory(), NAME, "--recovery-key", root.recoveryFile(), "--root", "unknown");

        assertThat(other.code()).isEqualTo(4);
        assertThat(other.bytes()).isEmpty();
        assertThat(unknown.code()).isZero();
        assertThat(unknown.err()).contains("WARNING").contains(root.rootHex());
    }

    @Test
    void generation_thatLiesOrIsHostile_isPassedOverAndNamed() throws Exception {
        byte[] file = noise(1000);
        root.put(NAME, file);
        root.putGeneration(2, root.keyset(), new KeysetContext(TestRoot.CLUSTER, 2, "0".repeat(64)));
        root.putGeneration(3, "[".repeat(100_000).getBytes(UTF_8));
        root.putGeneration(4, ("{\"format\":" + "9".repeat(100_000) + "}").getBytes(UTF_8));
        root.putGeneration(5, "{\"format\":1,\"format\":1}".getBytes(UTF_8));
        root.putGeneration(6, TestRoot.read(root.object("keys/00000001.json")));
        root.putGeneration(7, "{\"format\":2}".getBytes(UTF_8));
        TestRoot.write(root.object("keys/8.json"), new byte[1]);
        Files.createSymbolicLink(root.object("keys/00000009.json"), root.object("keys/00000001.json"));

        Python.Outcome outcome = python.recover(root.directory(), NAME, "--key", root.keyFile());

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.bytes()).isEqualTo(file);
        assertThat(outcome.err())
                .contains("keys/00000002.json opens, but not to the keyset that it commits to")
                .contains("keys/00000003.json is no strict JSON")
                .contains("keys/00000004.json is no strict JSON")
                .contains("keys/00000005.json is no strict JSON")
                .contains("keys/00000006.json says that it is another generation")
                .contains("keys/00000007.json is of format 2")
                .contains("keys/00000009.json is no regular file");
    }

    @Test
    void object_sealedBeforeARotation_opensByTheNewKeyset() {
        byte[] file = noise(1000);
        root.put(NAME, file);
        root.putGeneration(2, root.keyset().withNewPrimary());

        assertThat(python.recover(root.directory(), NAME, "--key", root.keyFile(), "--root", root.rootHex())
                        .bytes())
                .isEqualTo(file);
    }

    @Test
    void key_ofSomebodyElse_doesNotFit() {
        root.put(NAME, noise(1000));
        TestRoot stranger = new TestRoot(temporary.resolve("stranger"));
        Path damaged = TestRoot.write(temporary.resolve("damaged"), new byte[31]);

        assertThat(python.recover(root.directory(), NAME, "--key", stranger.keyFile())
                        .code())
                .isEqualTo(5);
        assertThat(python.recover(
                                root.directory(),
                                NAME,
                                "--recovery-key",
                                stranger.recoveryFile(),
                                "--root",
                                root.rootHex())
                        .code())
                .isEqualTo(5);
        assertThat(python.recover(root.directory(), NAME, "--key", damaged).code())
                .isEqualTo(5);
        assertThat(python.recover(root.directory(), NAME, "--recovery-key", damaged, "--root", root.rootHex())
                        .code())
                .isEqualTo(5);
    }

    @Test
    void recipient_ofTheRightKeyThatIsDamaged_isAMismatch() {
        root.put(NAME, noise(1000));
        String json = new String(TestRoot.read(root.object("keys/00000001.json")), UTF_8);
        int at = json.indexOf("\"ciphertext\":\"") + 30;
        char changed = json.charAt(at) == 'A' ? 'B' : 'A';
        TestRoot.write(
                root.object("keys/00000001.json"),
                (json.substring(0, at) + changed + json.substring(at + 1)).getBytes(UTF_8));

        assertGivesNothing(NAME);
    }

    @Test
    void usage_thatIsWrong_endsInTwo() {
        root.put(NAME, noise(10));

        assertThat(python.recover().code()).isEqualTo(2);
        assertThat(python.recover(root.directory(), NAME).code()).isEqualTo(2);
        assertThat(python.recover(root.directory(), NAME, "--recovery-key", root.recoveryFile())
                        .err())
                .contains("--recovery-key needs --root");
        for (String bad : new String[] {"../" + NAME, "/" + NAME, "a//b", "tidemark.json", "keys/00000001.json", ""}) {
            assertThat(python.recover(root.directory(), bad, "--key", root.keyFile())
                            .code())
                    .as(bad)
                    .isEqualTo(2);
        }
        assertThat(python.recover(root.directory(), NAME, "--key", root.keyFile(), "--root", "12")
                        .code())
                .isEqualTo(2);
        assertThat(python.recover(temporary, NAME, "--key", root.keyFile()).code())
                .isEqualTo(2);
    }

    @Test
    void object_thatIsMissingOrNoFile_isNeverTakenForEmpty() throws Exception {
        root.put(NAME, noise(10));
        Path object = root.object(NAME);
        Files.move(object, temporary.resolve("elsewhere"));
        assertThat(python.recover(root.directory(), NAME, "--key", root.keyFile())
                        .code())
                .isEqualTo(6);

        Files.createSymbolicLink(object, temporary.resolve("elsewhere"));
        assertGivesNothing(NAME);

        Files.delete(object);
        Files.createDirectory(object);
        assertGivesNothing(NAME);
    }

    @Test
    void memory_staysTheSameWhateverTheSize() {
        byte[] file = noise(Math.min(900, 24 * Integer.getInteger("tidemark.effort", 1)) << 20);
        root.put(NAME, file);

        Python.Outcome outcome = python.script("peak.py", root.directory(), NAME, "--key", root.keyFile());

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(TestRoot.sha256(outcome.bytes())).isEqualTo(TestRoot.sha256(file));
        int peak = Integer.parseInt(outcome.err().strip().replaceAll("(?s).*peak KiB ", ""));
        assertThat(peak).as("peak resident KiB").isLessThan(60 << 10);
    }

    @Test
    void hpke_writtenOutHere_agreesWithRfc9180() {
        Python.Outcome outcome = python.script("rfc9180.py");

        assertThat(outcome.code()).as(outcome.err()).isZero();
    }

    private void assertGivesNothing(String name) {
        Python.Outcome outcome = python.recover(root.directory(), name, "--key", root.keyFile());
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(4);
        assertThat(outcome.bytes()).isEmpty();
        assertThat(outcome.err()).contains("NOT GOOD").doesNotContain("Traceback");
    }

    private void assertMismatch(byte[] content) {
        root.putContent(NAME, content);
        Python.Outcome outcome = python.recover(root.directory(), NAME, "--key", root.keyFile());
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(4);
        assertThat(outcome.bytes().length).isLessThanOrEqualTo(1000);
        assertThat(outcome.err()).contains("NOT GOOD").doesNotContain("Traceback");
    }

    // half of it compresses: frames of both kinds of blocks
    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        Arrays.fill(bytes, length / 2, length / 2 + length / 10, (byte) 7);
        return bytes;
    }

    private static byte[] concatenated(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
