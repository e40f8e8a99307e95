package io.tidemark.pipeline.care.check.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Probe;
import io.tidemark.pipeline.care.check.probe.ServerState;
import io.tidemark.pipeline.care.check.probe.Verdict;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.Configuration;
import io.tidemark.pipeline.config.ConfigurationReader;
import io.tidemark.pipeline.config.EffectiveConfiguration;
import io.tidemark.pipeline.config.FailureKind;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.keys.ConfiguredKeys;
import io.tidemark.pipeline.keys.KeyServers;
import io.tidemark.pipeline.postgres.ArchiverState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
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
                new ConfiguredKeys(
                        configuration.keys(),
                        Map.of(),
                        new SecureRandom(),
                        Schedulers.immediate(),
                        new KeyServers(
                                () -> {
                                    throw new AssertionError("no server is configured");
                                },
                                Schedulers.immediate(),
                                new SecureRandom(),
                                Map.of(),
                                EventLog::silent,
                                Clock.systemUTC()))));
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

    @Test
    void e1_dataDirectoryOfAnotherSystemThanTheServer_isTheWrongCluster() throws IOException {
        control(77);

        assertThat(findings(dataDirectory(directory, 77L))).first().satisfies(finding -> {
            assertThat(finding.verdict()).isEqualTo(Verdict.OK);
            assertThat(finding.text()).contains("of system 77, the server's own");
        });
        assertThat(findings(dataDirectory(directory, 78L))).first().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(FailureKind.INTEGRITY);
            assertThat(finding.text()).contains("of system 77", "of system 78");
        });
    }

    @Test
    void s38_e12_whatStopsTheNextStartOrThisVersion_isNamed() throws IOException {
        control(77);
        Files.writeString(directory.resolve("recovery.conf"), "standby_mode = on\n");
        Files.writeString(directory.resolve("postgresql.auto.conf"), "lock_memory = 'true'\n");
        Files.createDirectories(directory.resolve("pg_tde"));
        Files.write(directory.resolve("pg_tde/1664_keys"), new byte[1]);

        List<Finding> failed = findings(dataDirectory(directory, 77L)).stream()
                .filter(finding -> finding.verdict() == Verdict.FAIL)
                .toList();

        assertThat(failed)
                .extracting(Finding::kind)
                .containsExactly(FailureKind.NOT_IN_THIS_VERSION, FailureKind.USAGE, FailureKind.USAGE);
        assertThat(failed.get(1).text()).contains("recovery.conf");
        assertThat(failed.get(2).text()).contains("postgresql.auto.conf:1", "lock_memory");
    }

    @Test
    void e1_checkAsAnotherUserThanTheServers_isAWarning() throws IOException {
        control(77);
        DataDirectoryProbe probe = new DataDirectoryProbe(
                new ClusterSettings("prod", directory, null, null, null),
                Mono.error(new IllegalStateException("no server here")),
                "somebody",
                Schedulers.immediate());

        assertThat(findings(probe))
                .filteredOn(finding -> finding.verdict() == Verdict.WARN)
                .singleElement()
                .satisfies(finding -> assertThat(finding.hint()).contains("runuser -u "));
    }

    /** As PostgreSQL 17 writes it, in all that is looked at. */
    private void control(long system) throws IOException {
        ByteBuffer file = ByteBuffer.allocate(8192).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(0, system)
                .putInt(8, 1700)
                .putInt(16, 6)
                .putInt(48, 1)
                .putInt(216, 8192)
                .putInt(220, 131_072)
                .putInt(224, 8192)
                .putInt(228, 16 << 20);
        CRC32C crc = new CRC32C();
        crc.update(file.duplicate().position(0).limit(288));
        file.putInt(288, (int) crc.getValue());
        Files.createDirectories(directory.resolve("global"));
        Files.write(directory.resolve("global/pg_control"), file.array());
    }

    private static DataDirectoryProbe dataDirectory(Path path, long served) {
        ServerState server = new ServerState(
                "/run/postgresql/.s.PGSQL.5432",
                "17.6",
                170_006,
                "tidemark",
                Set.of(),
                "postgres",
                ServerState.Recovery.PRIMARY,
                Map.of(),
                Set.of(),
                served,
                OptionalLong.empty(),
                new ArchiverState(0, null, null, 0, null, null, Instant.EPOCH),
                Instant.EPOCH,
                Instant.EPOCH,
                Duration.ZERO);
        return new DataDirectoryProbe(
                new ClusterSettings("prod", path, null, null, null),
                Mono.just(server),
                System.getProperty("user.name"),
                Schedulers.immediate());
    }

    private static DataDirectoryProbe dataDirectory(@Nullable Path path) {
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
