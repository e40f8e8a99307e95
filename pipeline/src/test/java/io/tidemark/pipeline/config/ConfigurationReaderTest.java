package io.tidemark.pipeline.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidemark.kmip.client.KmipHost;
import io.tidemark.pipeline.config.KeyProviderSettings.InKmip.Waits;
import io.tidemark.pipeline.config.RecipientSettings.OfProvider.How;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigurationReaderTest {
    private static final Map<String, String> NO_ENVIRONMENT = Map.of();
    private static final String FULL = """
            cluster:
              prod:
                data-directory: /var/lib/postgresql/17/main
                root: 3F0c5a1be2d84c6f9a7b1d2e3c4f5a6b
                node: db1
                connection: host=/run/postgresql user=tidemark
                tde: { state: auto }
            repository:
              local: { directory: /var/lib/tidemark }
              away: { directory: /mnt/away, required: false }
            keys:
              provider:
                box: { file: /etc/tidemark/box.key }
              recipients:
                - { provider: box }
                - { recovery: /etc/tidemark/recovery.pub }
            archive-push: { deadline: 90s }
            archive-get: { deadline: 2m, patience: 0s }
            limits: { memory: 64MiB, workers: 3, upload: null }
            compression: { level: 9 }
            """;

    @TempDir
    Path directory;

    private Configuration read(String yaml, Map<String, String> environment, String... set) {
        return ConfigurationReader.read(file(yaml).toString(), List.of(set), environment, directory)
                .configuration();
    }

    private Path file(String yaml) {
        try {
            Path file = directory.resolve("tidemark.yaml");
            Files.write(file, yaml.getBytes(StandardCharsets.UTF_8));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            return file;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private TidemarkException failure(String yaml, Map<String, String> environment, String... set) {
        return catchThrowableOfType(TidemarkException.class, () -> read(yaml, environment, set));
    }

    /** All that is told, line by line, without the directory. */
    private List<String> faults(String yaml, Map<String, String> environment, String... set) {
        TidemarkException failure = failure(yaml, environment, set);
        List<String> lines = failure.details().isEmpty() ? List.of(failure.getMessage()) : failure.details();
        return lines.stream().map(line -> line.replace(directory + "/", "")).toList();
    }

    @Test
    void file_withEverySetting_isReadIntoRecords() {
        Configuration configuration = read(FULL, NO_ENVIRONMENT);

        assertThat(configuration.cluster(null))
                .isEqualTo(new ClusterSettings(
                        "prod",
                        Path.of("/var/lib/postgresql/17/main"),
                        "3f0c5a1be2d84c6f9a7b1d2e3c4f5a6b",
                        "db1",
                        "host=/run/postgresql user=tidemark"));
        assertThat(configuration.repositories(List.of()))
                .containsExactly(
                        new RepositorySettings(
                                "local",
                                new RepositoryPlace.Directory(Path.of("/var/lib/tidemark")),
                                Requirement.REQUIRED),
                        new RepositorySettings(
                                "away", new RepositoryPlace.Directory(Path.of("/mnt/away")), Requirement.OPTIONAL));
        assertThat(configuration.keys().providers().values())
                .containsExactly(new KeyProviderSettings.FromFile("box", Path.of("/etc/tidemark/box.key")));
        assertThat(configuration.keys().recipients())
                .containsExactly(
                        new RecipientSettings.OfProvider("box", null, How.GET),
                        new RecipientSettings.Recovery(Path.of("/etc/tidemark/recovery.pub")));
        assertThat(configuration.archivePush().deadline()).isEqualTo(Duration.ofSeconds(90));
        assertThat(configuration.archiveGet()).isEqualTo(new ArchiveGetSettings(Duration.ofMinutes(2), Duration.ZERO));
        assertThat(configuration.limits()).isEqualTo(new Limits(64L << 20, 3, null, null));
        assertThat(configuration.compression().level()).isEqualTo(9);
    }

    @Test
    void emptyFile_givesTheDefaults() {
        Configuration configuration = read("# nothing yet\n", NO_ENVIRONMENT);

        assertThat(configuration.archivePush().deadline()).isEqualTo(Duration.ofSeconds(60));
        assertThat(configuration.archiveGet())
                .isEqualTo(new ArchiveGetSettings(Duration.ofMinutes(5), Duration.ofMinutes(5)));
        assertThat(configuration.limits().memoryBytes()).isEqualTo(256L << 20);
        assertThat(configuration.limits().workers()).isPositive();
        assertThatThrownBy(() -> configuration.cluster(null)).isInstanceOf(UsageError.class);
        assertThatThrownBy(() -> configuration.repositories(List.of())).isInstanceOf(UsageError.class);
    }

    @Test
    void template_isAConfigurationThatReads() {
        Configuration configuration = read(ConfigurationReference.template(), NO_ENVIRONMENT);

        assertThat(configuration.cluster("prod").dataDirectory()).isNotNull();
        assertThat(configuration.keys().recipients()).hasSize(2);
    }

    @Test
    void templateWithoutCommentMarks_isAConfigurationThatReads() {
        String everything = ConfigurationReference.template().replaceAll("(?m)^( *)#([a-z])", "$1$2");

        Configuration configuration = read(everything, NO_ENVIRONMENT);

        assertThat(configuration.cluster("prod").node()).isEqualTo("db1-main");
        assertThat(configuration.compression().level()).isEqualTo(3);
    }

    @Test
    void environmentIsOverTheFile_andOptionsAreOverBoth() {
        Map<String, String> environment = Map.of(
                "TIDEMARK_CLUSTER__PROD__DATA_DIRECTORY", "/from/environment",
                "TIDEMARK_CLUSTER__PROD__NODE", "from-environment",
                "TIDEMARK_KEYS__RECIPIENTS__1__RECOVERY", "/from/environment.pub",
                "TIDEMARK_JAVA_OPTS", "-Xmx1g",
                "TIDEMARKX__Y", "not ours");

        Configuration configuration = read(FULL, environment, "cluster.prod.node=a", "cluster.prod.node=from-option");

        assertThat(configuration.cluster(null).dataDirectory()).isEqualTo(Path.of("/from/environment"));
        assertThat(configuration.cluster(null).node()).isEqualTo("from-option");
        assertThat(configuration.keys().recipients())
                .endsWith(new RecipientSettings.Recovery(Path.of("/from/environment.pub")));
    }

    @Test
    void optionsAlone_withoutAFile_areAWholeConfiguration() {
        Configuration configuration = ConfigurationReader.read(
                        null,
                        List.of(
                                "cluster.prod.data-directory=data dir/ü=1",
                                "repository.r.directory=/repo",
                                "keys.provider.box.file=box.key",
                                "keys.recipients.0.provider=box"),
                        Map.of("TIDEMARK_CONFIG", ""),
                        directory)
                .configuration();

        assertThat(configuration.cluster("prod").dataDirectory()).isEqualTo(directory.resolve("data dir/ü=1"));
        assertThat(configuration.keys().recipients())
                .containsExactly(new RecipientSettings.OfProvider("box", null, How.GET));
    }

    @Test
    void clusterOption_whereNoneIsConfigured_namesOne() {
        Configuration configuration = read("repository: { r: { directory: /repo } }", NO_ENVIRONMENT);

        assertThat(configuration.cluster("prod")).isEqualTo(new ClusterSettings("prod", null, null, null, null));
        assertThatThrownBy(() -> configuration.cluster("../x")).isInstanceOf(UsageError.class);
    }

    @Test
    void clusterOption_thatIsNotAmongTheConfigured_isRefused() {
        Configuration configuration = read("cluster: { a: {}, b: {} }", NO_ENVIRONMENT);

        assertThat(configuration.cluster("b").name()).isEqualTo("b");
        assertThatThrownBy(() -> configuration.cluster("c"))
                .isInstanceOf(UsageError.class)
                .hasMessageContaining("a, b");
        assertThatThrownBy(() -> configuration.cluster(null)).hasMessageContaining("several");
    }

    @Test
    void e8_t117_unknownKey_isAnErrorWithTheNearestAndItsLine() {
        assertThat(faults("cluster:\n  prod:\n    data-dirctory: /x\n", NO_ENVIRONMENT))
                .containsExactly("tidemark.yaml:3: no setting cluster.prod.data-dirctory;"
                        + " nearest: cluster.prod.data-directory");
    }

    @Test
    void t117_unknownVariableAndOption_areErrorsToo() {
        assertThat(faults("", Map.of("TIDEMARK_LIMITS__MEMROY", "1"), "archive-push.dedline=1"))
                .containsExactly(
                        "environment TIDEMARK_LIMITS__MEMROY: no setting limits.memroy; nearest: limits.memory",
                        "--set: no setting archive-push.dedline; nearest: archive-push.deadline");
    }

    @Test
    void unknownKey_farFromAll_isToldWithWhatIsKnownThere() {
        assertThat(faults("cluster: { prod: { a-very-different-thing: 1 } }", NO_ENVIRONMENT))
                .containsExactly("tidemark.yaml:1: no setting cluster.prod.a-very-different-thing;"
                        + " known below cluster.prod: data-directory, root, node, connection, tde");
    }

    @Test
    void e8_allFaults_areToldTogether_withWhatWasExpected() {
        String yaml = """
                cluster:
                  Prod: { root: 12 }
                  prod:
                    root: 12
                    data-directory: relative/dir
                repository:
                  local: { required: yes }
                keys:
                  recipients:
                    - { provider: nobody }
                    - { }
                archive-push: { deadline: 5 }
                limits: { memory: 256MB, workers: 0 }
                compression: 3
                """;

        assertThat(faults(yaml, NO_ENVIRONMENT))
                .containsExactly(
                        "tidemark.yaml:2: cluster.Prod.root: \"Prod\" is no name:"
                                + " expected a-z, then up to 62 of a-z, 0-9 and -",
                        "tidemark.yaml:4: cluster.prod.root: expected 32 hex digits, not \"12\"",
                        "tidemark.yaml:5: cluster.prod.data-directory: expected an absolute path, not \"relative/dir\"",
                        "tidemark.yaml:7: repository.local.required: expected true or false, not \"yes\"",
                        "tidemark.yaml:12: archive-push.deadline: expected a duration from 1s to 1d, such as 5m"
                                + " (ms, s, m, h, d), not \"5\"",
                        "tidemark.yaml:13: limits.memory: expected a size from 16MiB to 1TiB, such as 256MiB"
                                + " (B, KiB, MiB, GiB, TiB), not \"256MB\"",
                        "tidemark.yaml:13: limits.workers: expected auto, or a whole number from 1 to 256, not \"0\"",
                        "tidemark.yaml:14: compression is no setting itself; below it: level",
                        "tidemark.yaml:7: repository.local.directory is missing",
                        "tidemark.yaml:10: keys.recipients.0.provider: no such provider under keys.provider",
                        "tidemark.yaml:11: keys.recipients.1: expected either provider or recovery");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host=db1 password=hunter2",
                "host=db1 PASSWORD = 'hunter2'",
                "host=db1 sslpassword=hunter2",
                "postgresql://me:hunter2@db1/prod",
                "postgres://me:hunter2/slash@db1/prod",
                "postgresql://db1/prod?user=me&password=hunter2",
                "postgresql://db1/prod?pass%77ord=hunter2",
            })
    void connection_withAPassword_isRefused_andNotRepeated(String connection) {
        String yaml = "cluster: { prod: { connection: \"" + connection + "\" } }";

        assertThat(faults(yaml, NO_ENVIRONMENT))
                .singleElement()
                .satisfies(fault -> assertThat(fault)
                        .contains("cluster.prod.connection", "without a password", "PGPASSWORD")
                        .doesNotContain("hunter2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "host=/run/postgresql user=me passfile=/etc/pass require_auth=password,scram-sha-256",
                "postgresql://me@db1:5432,[::1]:5433/prod?application_name=a:b@c",
                "postgresql://db1:5432/prod",
            })
    void connection_withoutAPassword_isTakenAsItIs(String connection) {
        String yaml = "cluster: { prod: { connection: \"" + connection + "\" } }";

        assertThat(read(yaml, NO_ENVIRONMENT).cluster("prod").connection()).isEqualTo(connection);
    }

    @Test
    void vaultProvider_isReadWithItsDefaults() {
        Configuration configuration = read("""
                keys:
                  provider:
                    plain: { vault: { address: "https://vault:8200", token-file: /t } }
                    full: { vault: { address: "http://127.0.0.1:8100", mount: /kv/pg/, token-file: /t, namespace: a/, trust: /ca } }
                  recipients: [ { provider: plain, key: tidemark prod } ]
                """, NO_ENVIRONMENT);

        assertThat(configuration.keys().providers().values())
                .containsExactly(
                        new KeyProviderSettings.InVault(
                                "full",
                                URI.create("http://127.0.0.1:8100"),
                                "kv/pg",
                                Path.of("/t"),
                                "a/",
                                Path.of("/ca")),
                        new KeyProviderSettings.InVault(
                                "plain", URI.create("https://vault:8200"), "secret", Path.of("/t"), null, null));
        assertThat(configuration.keys().recipients())
                .containsExactly(new RecipientSettings.OfProvider("plain", "tidemark prod", How.GET));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ vault: { address: \"http://vault:8200\", token-file: /t } }   | expected https://host",
                "{ vault: { address: \"https://v/x\", token-file: /t } }         | expected https://host",
                "{ vault: { address: \"https://v\" } }                           | vault.token-file is missing",
                "{ vault: { token-file: /t } }                                     | vault.address is missing",
                "{ vault: { address: \"https://v\", token-file: /t, mount: a/../b } } | expected a path",
                "{ vault: { address: \"https://v\", token-file: /t }, file: /k } | expected only one of file, vault and kmip",
                "{ vault: { address: \"https://v\", token-file: /t, token: x } } | token",
            })
    void vaultProvider_faultsAreNamed(String provider, String fault) {
        assertThat(faults("keys: { provider: { v: " + provider + " } }", NO_ENVIRONMENT))
                .singleElement()
                .asString()
                .contains(fault);
    }

    @Test
    void recipient_ofAServerWithoutAKey_isAFault() {
        assertThat(faults(
                        "keys: { provider: { v: { vault: { address: \"https://v\", token-file: /t } } },"
                                + " recipients: [ { provider: v }, { recovery: /r, key: k } ] }",
                        NO_ENVIRONMENT))
                .satisfiesExactly(
                        one -> assertThat(one).contains("keys.recipients.0.key is missing"),
                        two -> assertThat(two).contains("keys.recipients.1.key: is for a provider's key"));
    }

    @Test
    void kmipProvider_isReadWithItsDefaults() {
        Configuration configuration = read("""
                keys:
                  provider:
                    plain: { kmip: { hosts: [ "kms" ], certificate: /c.p12, trust: /ca } }
                    full:
                      kmip:
                        hosts: [ kms1.example.com:5696, "[2001:db8::7]", 192.0.2.7:9998 ]
                        certificate: /c
                        key: /k
                        password: env:KMS_PASSWORD
                        trust: /ca
                        server-name: appliance
                        ciphers: [ TLS_RSA_WITH_AES_128_CBC_SHA256 ]
                        connect-timeout: 1s
                        request-timeout: 2s
                        deadline: 3s
                  recipients: [ { provider: plain, key: a, how: encrypt }, { provider: full, key: b } ]
                """, NO_ENVIRONMENT);

        assertThat(configuration.keys().providers().values())
                .containsExactly(
                        new KeyProviderSettings.InKmip(
                                "full",
                                List.of(
                                        new KmipHost("kms1.example.com", 5696),
                                        new KmipHost("2001:db8::7", 5696),
                                        new KmipHost("192.0.2.7", 9998)),
                                Path.of("/c"),
                                Path.of("/k"),
                                new SecretReference.OfEnvironment("KMS_PASSWORD"),
                                Path.of("/ca"),
                                "appliance",
                                List.of("TLS_RSA_WITH_AES_128_CBC_SHA256"),
                                new Waits(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3))),
                        new KeyProviderSettings.InKmip(
                                "plain",
                                List.of(new KmipHost("kms", 5696)),
                                Path.of("/c.p12"),
                                null,
                                null,
                                Path.of("/ca"),
                                null,
                                List.of(),
                                new Waits(Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofSeconds(30))));
        assertThat(configuration.keys().recipients())
                .containsExactly(
                        new RecipientSettings.OfProvider("plain", "a", How.ENCRYPT),
                        new RecipientSettings.OfProvider("full", "b", How.GET));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ kmip: { hosts: [ a ], certificate: /c } }                            | kmip.trust is missing",
                "{ kmip: { hosts: [ a ], trust: /t } }                                  | kmip.certificate is missing",
                "{ kmip: { hosts: [], certificate: /c, trust: /t } }                    | kmip.hosts.0 is missing",
                "{ kmip: { certificate: /c, trust: /t } }                               | kmip.hosts.0 is missing",
                "{ kmip: { hosts: [ \"a:0\" ], certificate: /c, trust: /t } }           | expected host or host:port",
                "{ kmip: { hosts: [ \"a:65536\" ], certificate: /c, trust: /t } }       | expected host or host:port",
                "{ kmip: { hosts: [ \"kmip://a\" ], certificate: /c, trust: /t } }      | expected host or host:port",
                "{ kmip: { hosts: [ \"[1:2]\" ], certificate: /c, trust: /t } }         | expected host or host:port",
                "{ kmip: { hosts: [ a, \"a:5696\" ], certificate: /c, trust: /t } }     | one host is named twice",
                "{ kmip: { hosts: [ \"a b\" ], certificate: /c, trust: /t } }           | expected host or host:port",
                "{ kmip: { hosts: [ a ], certificate: /c, trust: /t, password: x } }    | expected file:/",
                "{ kmip: { hosts: [ a ], certificate: /c, trust: /t, deadline: 1h } }   | expected a duration",
                "{ kmip: { hosts: [ a ], certificate: /c, trust: /t, ciphers: [ TLS_NULL_WITH_NULL_NULL ] } } | expected the name",
                "{ kmip: { hosts: [ a ], certificate: /c, trust: /t, verify: no } }     | no setting",
                "{ kmip: { hosts: [ a ], certificate: /c, trust: /t }, file: /k }       | expected only one of",
                "{ kmip: { hosts: [ a ], certificate: /c, trust: /t }, vault: { address: \"https://v\", token-file: /t } } | expected only one of",
            })
    void kmipProvider_faultsAreNamed(String provider, String fault) {
        assertThat(faults("keys: { provider: { v: " + provider + " } }", NO_ENVIRONMENT))
                .singleElement()
                .asString()
                .contains(fault);
    }

    @Test
    void recipient_thatIsToEncryptWhereNobodyCan_isAFault() {
        assertThat(faults(
                        "keys: { provider: { b: { file: /k }, k: { kmip: { hosts: [ a ], certificate: /c, trust: /t } } }, recipients: ["
                                + " { provider: b, how: encrypt }, { provider: k, how: encrypt }, { recovery: /r, how: get },"
                                + " { provider: k, key: k, how: fetch } ] }",
                        NO_ENVIRONMENT))
                .satisfiesExactlyInAnyOrder(
                        one -> assertThat(one).contains("keys.recipients.0.how: encrypt is for a key at a KMIP server"),
                        two -> assertThat(two).contains("keys.recipients.1.key is missing"),
                        three -> assertThat(three).contains("keys.recipients.2.how: is for a provider's key"),
                        four -> assertThat(four).contains("keys.recipients.3.how: expected get or encrypt"));
    }

    @Test
    void plannedSettings_alone_areNotInThisVersion() {
        String yaml = """
                cluster: { prod: { retention: { keep-full: 4 }, tde: { providers: { a: b } } } }
                daemon: { http: "1" }
                """;

        TidemarkException failure = failure(yaml, NO_ENVIRONMENT);

        assertThat(failure).isInstanceOf(NotInThisVersion.class);
        assertThat(failure.details()).hasSize(3).allMatch(line -> line.endsWith("is planned, but not in this version"));
    }

    @Test
    void plannedSettings_besideRealFaults_areAUsageError() {
        assertThat(failure("{ daemon: { http: x }, limits: { x: 1 } }", NO_ENVIRONMENT))
                .isInstanceOf(UsageError.class);
    }

    @Test
    void nullValue_isAsIfLeftOut_butItsKeyMustBeKnown() {
        assertThat(read("limits: { memory: null, upload: ~ }\narchive-push:\n", NO_ENVIRONMENT)
                        .limits()
                        .memoryBytes())
                .isEqualTo(256L << 20);
        assertThat(faults("limits: { memori: null }", NO_ENVIRONMENT)).hasSize(1);
    }

    @Test
    void scalars_areTextAsWritten_notYamlTypes() {
        assertThat(read("cluster: { prod: { node: 010 } }", NO_ENVIRONMENT)
                        .cluster("prod")
                        .node())
                .isEqualTo("010");
        assertThat(read("cluster: { prod: { node: 'null' } }", NO_ENVIRONMENT)
                        .cluster("prod")
                        .node())
                .isEqualTo("null");
    }

    @Test
    void yaml_thatIsMoreThanMappingsListsAndScalars_isRefusedWithItsLine() {
        assertThat(faults("limits: &a { memory: 64MiB }\n", NO_ENVIRONMENT))
                .singleElement()
                .asString()
                .startsWith("tidemark.yaml:1: anchors and aliases");
        assertThat(faults("limits:\n  memory: !!str 64MiB\n", NO_ENVIRONMENT))
                .containsExactly("tidemark.yaml:2: tags are not taken here");
        assertThat(faults("limits: {}\n---\nlimits: {}\n", NO_ENVIRONMENT))
                .contains("tidemark.yaml:2: only one YAML document is taken");
        assertThat(faults("limits:\n  memory: 64MiB\n  memory: 64MiB\n", NO_ENVIRONMENT))
                .containsExactly("tidemark.yaml:3: limits.memory is given twice");
        assertThat(faults("limits:\n  memory: 64MiB\nlimits:\n  workers: 1\n", NO_ENVIRONMENT))
                .containsExactly("tidemark.yaml:3: limits is given twice");
        assertThat(faults("- a\n", NO_ENVIRONMENT))
                .containsExactly("tidemark.yaml:1: expected a mapping of settings, not a list");
        assertThat(faults("just words\n", NO_ENVIRONMENT))
                .containsExactly("tidemark.yaml:1: expected a mapping of settings");
        assertThat(faults("cluster.prod.node: x\n", NO_ENVIRONMENT))
                .singleElement()
                .asString()
                .contains("is no key");
        assertThat(faults("? [a]\n: b\n", NO_ENVIRONMENT))
                .singleElement()
                .asString()
                .contains("a key is a word");
        assertThat(faults("[".repeat(100_000), NO_ENVIRONMENT)).hasSize(1);
        assertThat(faults("a: " + "{ b: ".repeat(20_000), NO_ENVIRONMENT))
                .singleElement()
                .asString()
                .contains("levels deep");
        assertThat(faults("limits: { memory: \"64MiB }\n", NO_ENVIRONMENT))
                .singleElement()
                .asString()
                .contains("is no YAML");
        assertThat(faults("limits: \u0007\n", NO_ENVIRONMENT))
                .singleElement()
                .asString()
                .contains("is no YAML");
    }

    @Test
    void file_thatIsTooLongOrNotUtf8_isRefused() throws IOException {
        assertThat(faults("#".repeat(1 << 20) + "\n", NO_ENVIRONMENT))
                .singleElement()
                .asString()
                .contains("longer");

        Path file = file("");
        Files.write(file, new byte[] {'#', (byte) 0xff, '\n'});

        assertThatThrownBy(() -> ConfigurationReader.read(file.toString(), List.of(), NO_ENVIRONMENT, directory))
                .hasMessageContaining("is not UTF-8");
    }

    @Test
    void file_thatOthersCanWrite_isRefused() throws IOException {
        for (String mode : new String[] {"rw-rw-r--", "rw-r--rw-"}) {
            Path file = file("");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

            assertThatThrownBy(() -> ConfigurationReader.read(file.toString(), List.of(), NO_ENVIRONMENT, directory))
                    .isInstanceOf(UsageError.class)
                    .hasMessageContaining("can be written by others");
        }
    }

    @Test
    void file_thatIsNamedButMissing_isAnError() {
        assertThatThrownBy(() -> ConfigurationReader.read("no.yaml", List.of(), NO_ENVIRONMENT, directory))
                .isInstanceOf(UsageError.class)
                .hasMessageContaining("no.yaml does not exist");
        assertThatThrownBy(() ->
                        ConfigurationReader.read(null, List.of(), Map.of("TIDEMARK_CONFIG", "no.yaml"), directory))
                .isInstanceOf(UsageError.class);
    }

    @Test
    void t112_valuesThatMayBeSecrets_areNeverRepeated() {
        String secret = "5f0e1d2c3b4a59687786a5b4c3d2e1f05f0e1d2c3b4a59687786a5b4c3d2e1f0";
        String yaml = "keys:\n  provider:\n    box: { file: " + secret + " }\n    kms: { token: " + secret + " }\n";

        TidemarkException failure =
                failure(yaml, Map.of("TIDEMARK_KEYS__PROVIDER__BOX__SECRET", secret), secret, "password=" + secret);

        assertThat(failure.details()).hasSize(5);
        assertThat(failure.getMessage() + failure.details() + failure.hint()).doesNotContain(secret);
    }

    @Test
    void t112_brokenYaml_isNotQuoted() {
        TidemarkException failure = failure("keys: { token: \"geheim\n", NO_ENVIRONMENT);

        assertThat(failure.getMessage()).doesNotContain("geheim");
    }

    @Test
    void t118_keysAndUnits_areTheSameInATurkishLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr-TR"));

            Configuration configuration = read(
                    "cluster: { prod: { root: 3F0C5A1BE2D84C6F9A7B1D2E3C4F5A6B } }",
                    Map.of(
                            "TIDEMARK_LIMITS__MEMORY", "32MiB",
                            "TIDEMARK_REPOSITORY__LI__DIRECTORY", "/ı/İ"));

            assertThat(configuration.limits().memoryBytes()).isEqualTo(32L << 20);
            assertThat(configuration.repositories().get("li").place())
                    .isEqualTo(new RepositoryPlace.Directory(Path.of("/ı/İ")));
            assertThat(configuration.cluster(null).root()).isEqualTo("3f0c5a1be2d84c6f9a7b1d2e3c4f5a6b");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void t118_oddPaths_areTakenAsTheyAre() {
        String odd = "/srv/a b/'quoted'/\"double\"/100%/ü/new\nline";

        Configuration configuration = read("", NO_ENVIRONMENT, "repository.r.directory=" + odd);

        assertThat(configuration.repositories().get("r").place().of("c")).isEqualTo(odd + "/c");
    }

    @Test
    void origins_sayFileAndLineVariableOptionAndDefault() {
        EffectiveConfiguration effective = ConfigurationReader.read(
                file("archive-get:\n  patience: 1m\n").toString(),
                List.of("compression.level=7"),
                Map.of("TIDEMARK_LIMITS__WORKERS", "2"),
                directory);

        assertThat(effective.lines())
                .contains(
                        new EffectiveConfiguration.Line(
                                "archive-get.patience", "1m", directory.resolve("tidemark.yaml") + ":2"),
                        new EffectiveConfiguration.Line("compression.level", "7", "--set"),
                        new EffectiveConfiguration.Line("limits.workers", "2", "environment TIDEMARK_LIMITS__WORKERS"),
                        new EffectiveConfiguration.Line("archive-push.deadline", "60s", "default"));
    }
}
