package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.keys.provider.KeyFiles;
import io.tidemark.pipeline.keys.vault.ScriptedVault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on two repositories that open with nothing but a key in Vault, or with nothing but the recovery key. */
final class OneKeyIsEnoughTest {
    private static final Pattern ROOT = Pattern.compile("root: ([0-9a-f]{32})");

    @TempDir
    private Path directory;

    private final ScriptedVault vault = new ScriptedVault();
    private List<String> vaultAlone = List.of();
    private List<String> recoveryKeyAlone = List.of();

    @BeforeEach
    void initialise() throws Exception {
        new KeyFiles(directory.resolve("token")).write("s.first");
        Path recoveryKey = directory.resolve("recovery.pem");
        run(List.of(), "keys", "recovery-key", "--out", recoveryKey.toString());
        List<String> recipients = List.of(
                "keys.provider.vault.vault.address=http://127.0.0.1:" + vault.port(),
                "keys.provider.vault.vault.token-file=" + directory.resolve("token"),
                "keys.recipients.0.provider=vault",
                "keys.recipients.0.key=tidemark-prod",
                "keys.recipients.1.recovery=" + recoveryKey + ".pub");
        for (String name : List.of("first", "second")) {
            Files.createDirectory(directory.resolve(name));
        }
        Matcher root = ROOT.matcher(run(recipients, "init", "--create-keys"));
        assertThat(root.find()).isTrue();
        String known = "cluster.prod.root=" + root.group(1);
        vaultAlone = new ArrayList<>(recipients);
        vaultAlone.add(known);
        recoveryKeyAlone = List.of("keys.recovery-key=" + recoveryKey, known);
    }

    @AfterEach
    void close() {
        vault.close();
    }

    @Test
    void commands_withVaultAlone_openBothRepositoriesAndAskForTheKeyOnce() throws Exception {
        for (String[] command : commands()) {
            int before = vault.requests().size();

            run(vaultAlone, command);

            assertThat(vault.requests().size() - before)
                    .as(String.join(" ", command))
                    .isEqualTo(1);
        }
        run(vaultAlone, "keys", "rotate");
        assertThat(run(vaultAlone, "keys", "prune", "--yes")).contains("deleted generation 1");
    }

    @Test
    void commands_withTheRecoveryKeyAlone_openBothRepositoriesWhileVaultIsGone() throws Exception {
        vault.close();
        for (String[] command : commands()) {
            run(recoveryKeyAlone, command);
        }
    }

    private static List<String[]> commands() {
        return List.of(
                new String[] {"info"}, new String[] {"keys", "status"}, new String[] {"keys", "prune", "--dry-run"});
    }

    private String run(List<String> settings, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "io.tidemark.pipeline.Main"));
        command.addAll(List.of(words));
        List<String> all = new ArrayList<>(settings);
        all.add("cluster.prod.data-directory=" + directory.resolve("data"));
        all.add("repository.first.directory=" + directory.resolve("first"));
        all.add("repository.second.directory=" + directory.resolve("second"));
        all.add("keys.memory=" + directory.resolve("memory"));
        for (String setting : all) {
            command.addAll(List.of("--set", setting));
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("TIDEMARK_"));
        Path out = directory.resolve("out");
        Process process = builder.directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("has ended").isTrue();
        String said = Files.readString(out);
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }
}
