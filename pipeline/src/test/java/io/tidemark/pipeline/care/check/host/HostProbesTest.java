package io.tidemark.pipeline.care.check.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Probe;
import io.tidemark.pipeline.care.check.probe.Verdict;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.Configuration;
import io.tidemark.pipeline.config.ConfigurationReader;
import io.tidemark.pipeline.config.EffectiveConfiguration;
import io.tidemark.pipeline.config.FailureKind;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.keys.ConfiguredKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

final class HostProbesTest {
    @TempDir
    Path directory;

    private static List<Finding> findings(Probe.Independent probe) {
        return probe.findings().collectList().blockOptional().orElseThrow();
    }

    private static EffectiveConfiguration effective(Path directory, String... set) {
        return ConfigurationReader.read(null, List.of(set), Map.of("TIDEMARK_CONFIG", ""), directory);
    }

    private Configuration keyFile(String mode) throws IOException {
        Path key = directory.resolve("box.key");
        Files.write(key, new byte[32]);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString(mode));
        return effective(directory, "keys.provider.box.file=" + key).configuration();
    }

    private static List<Finding> keys(Configuration configuration) {
        return findings(new KeysProbe(
                configuration.keys(),
                new ConfiguredKeys(configuration.keys(), Map.of(), new SecureRandom(), Schedulers.immediate())));
    }

    @Test
    void e1_keyFileOfTheRightMode_isOkAndSaysNothingOfTheKey() throws IOException {
        List<Finding> findings = keys(keyFile("rw-------"));

        assertThat(findings.get(0)).satisfies(finding -> {
            assertThat(finding.verdict()).isEqualTo(Verdict.OK);
            assertThat(finding.text()).contains("box", "32 bytes");
        });
        assertThat(findings.get(1).verdict()).as("no recipients").isEqualTo(Verdict.WARN);
    }

    @Test
    void e1_keyFileThatOthersRead_isAFaultOfTheConfigurationWithTheMode() throws IOException {
        assertThat(keys(keyFile("rw-r--r--")).get(0)).satisfies(finding -> {
            assertThat(finding.failure()).isInstanceOf(UsageError.class);
            assertThat(finding.hint()).contains("chmod");
        });
    }

    @Test
    void e1_keyFileGone_isAFailureOfKeys() throws IOException {
        Configuration configuration = keyFile("rw-------");
        Files.delete(directory.resolve("box.key"));

        assertThat(keys(configuration).get(0).failure()).isInstanceOf(KeysFailed.class);
    }

    @Test
    void e1_noKeyConfigured_saysTheLine() {
        assertThat(keys(effective(directory).configuration())).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(FailureKind.USAGE);
            assertThat(finding.hint()).contains("keys.provider.box.file");
        });
    }

    @Test
    void e1_repositoryInTheDataDirectory_isAWarning() {
        EffectiveConfiguration effective = effective(
                directory,
                "cluster.prod.data-directory=" + directory,
                "repository.local.directory=" + directory.resolve("backup"));

        List<Finding> findings = findings(new ConfigurationProbe(
                effective,
                effective.configuration().cluster(null),
                effective.configuration().repositories(List.of())));

        assertThat(findings).extracting(Finding::verdict).containsExactly(Verdict.OK, Verdict.WARN);
        assertThat(findings.get(1).text()).contains("lies in the data directory");
    }

    @Test
    void s38_settingsThatNoServerTakes_areNamedWithTheirLine() {
        String text = """
                # lock_memory = true
                shared_buffers = 128MB
                lock_memory = true
                  Standby_Mode 'on'
                promote_trigger_file = '/tmp/x'
                """;

        assertThat(ServerFiles.judged("settings", "/pg/postgresql.conf", text, 17))
                .extracting(Finding::text)
                .containsExactly(
                        "/pg/postgresql.conf:3: no such setting: lock_memory, so the server will not start again",
                        "/pg/postgresql.conf:4: no such setting: standby_mode, so the server will not start again",
                        "/pg/postgresql.conf:5: no such setting: promote_trigger_file, so the server will not start again");
        assertThat(ServerFiles.judged("settings", "/pg/postgresql.conf", text, 15))
                .hasSize(2);
    }

    @Test
    void e1_configuredDirectoryThatIsNone_saysWhereToLook() {
        assertThat(findings(dataDirectory(directory))).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(FailureKind.USAGE);
            assertThat(finding.hint()).contains("SHOW data_directory");
        });
    }

    @Test
    void e1_noDataDirectoryConfigured_isSkipped() {
        assertThat(findings(dataDirectory(null))).singleElement().returns(Verdict.SKIPPED, Finding::verdict);
    }

    private static DataDirectoryProbe dataDirectory(@org.jspecify.annotations.Nullable Path path) {
        return new DataDirectoryProbe(
                new ClusterSettings("prod", path, null, null, null),
                Mono.error(new IllegalStateException("no server here")),
                System.getProperty("user.name"),
                Schedulers.immediate());
    }

    @Test
    void e1_roomForTheNextBackup_isJudgedByTheLast() {
        SpaceProbe probe = new SpaceProbe("repository \"a\"", directory, Mono.empty(), Schedulers.immediate());
        Optional<SpaceProbe.Need> last = Optional.of(new SpaceProbe.Need(10L << 30, "less than the last backup's"));

        assertThat(probe.judged(new Space(20L << 30, 100L << 30, OptionalLong.of(1_000_000)), last)
                        .verdict())
                .isEqualTo(Verdict.OK);
        assertThat(probe.judged(new Space(5L << 30, 100L << 30, OptionalLong.empty()), last))
                .satisfies(finding -> {
                    assertThat(finding.verdict()).isEqualTo(Verdict.WARN);
                    assertThat(finding.text()).contains("less than the last backup's 10 GiB");
                });
        assertThat(probe.judged(new Space(1 << 20, 100L << 30, OptionalLong.empty()), last)
                        .kind())
                .isEqualTo(FailureKind.STORE);
        assertThat(probe.judged(new Space(20L << 30, 100L << 30, OptionalLong.of(0)), last)
                        .kind())
                .isEqualTo(FailureKind.STORE);
        assertThat(probe.judged(new Space(20L << 30, 100L << 30, OptionalLong.of(10)), last)
                        .verdict())
                .isEqualTo(Verdict.WARN);
    }

    @Test
    void e1_spaceOfADirectory_isReadWithItsInodesWhereThereIsANumber() {
        SpaceProbe here = new SpaceProbe("here", directory, Mono.empty(), Schedulers.immediate());
        SpaceProbe gone = new SpaceProbe("gone", directory.resolve("none"), Mono.empty(), Schedulers.immediate());

        assertThat(findings(here))
                .singleElement()
                .satisfies(finding -> assertThat(finding.text()).contains("free"));
        assertThat(findings(gone)).singleElement().returns(Verdict.SKIPPED, Finding::verdict);
        assertThat(Space.parsed("12 345\n")).hasValue(12);
        assertThat(Space.parsed("0 0")).isEmpty();
        assertThat(Space.parsed("stat: cannot")).isEmpty();
    }
}
