package io.tidemark.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.tidemark.pipeline.care.scratch.PostgresServer;
import io.tidemark.pipeline.care.scratch.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** What {@code check} says of a cluster that is well, as a role that may do no more than it needs, and of one that is not. */
@ExtendWith(Lab.Provided.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class CheckTest {
    /** The README's. */
    private static final List<String> ROLE = List.of(
            "CREATE ROLE tidemark LOGIN REPLICATION",
            "GRANT pg_monitor TO tidemark",
            "GRANT EXECUTE ON FUNCTION pg_catalog.pg_switch_wal(), pg_catalog.pg_create_restore_point(text) TO tidemark");

    private final Cluster cluster;
    private final Path passwords;
    private PostgresServer server;

    CheckTest(Lab lab) {
        cluster = Cluster.of(lab);
        server = cluster.serverOn("data");
        passwords = lab.scratch()
                .givenFile(
                        cluster.directory().getFileName() + "/tidemark.pass",
                        "127.0.0.1:*:*:tidemark:small\n".getBytes(StandardCharsets.UTF_8));
    }

    @BeforeAll
    void load() throws Exception {
        cluster.initRepositories();
        server = cluster.newServer(Map.of("archive_timeout", "60"), "--wal-segsize=1");
        server.start();
        try (Connection session = server.connect()) {
            for (String statement : ROLE) {
                Cluster.execute(session, statement);
            }
            Cluster.execute(session, "ALTER ROLE tidemark PASSWORD 'small'");
        }
        assertThat(run("backup", "--checkpoint", "fast"))
                .as("the role is enough for a backup")
                .satisfies(backup -> assertThat(backup.exit()).as(backup.said()).isZero());
    }

    @AfterAll
    void strike() {
        cluster.close();
    }

    private Programs.Outcome run(String verb, String... arguments) {
        List<String> all = new ArrayList<>(List.of(
                "--set",
                "cluster.prod.connection=host=127.0.0.1 port=" + server.port()
                        + " user=tidemark dbname=postgres sslmode=disable passfile=" + passwords));
        all.addAll(List.of(arguments));
        return cluster.product().run(verb, all.toArray(String[]::new));
    }

    /** The lines of a probe, with their hints. */
    private static String of(Programs.Outcome outcome, String probe) {
        StringBuilder lines = new StringBuilder();
        boolean ours = false;
        for (String line : outcome.output().split("\n")) {
            ours = line.startsWith("         HINT: ") ? ours : line.matches("[A-Z]+ +" + probe + " .*");
            lines.append(ours ? line + "\n" : "");
        }
        return lines.toString();
    }

    private void set(String... settings) throws SQLException {
        try (Connection session = server.connect()) {
            for (String setting : settings) {
                Cluster.execute(session, "ALTER SYSTEM " + setting);
            }
            Cluster.execute(session, "SELECT pg_reload_conf()");
            // the next session begins after the postmaster has read it
            Cluster.text(session, "SELECT pg_sleep(0.2)");
        }
    }

    @Test
    @Order(1)
    void e1_healthyClusterAndALeastPrivilegeRole_isAllOkAndTheSegmentComesRound() throws IOException {
        Programs.Outcome checked = run("check");

        assertThat(checked.exit()).as(checked.said()).isZero();
        assertThat(checked.output()).doesNotContain("FAIL  ", "SKIPPED  ");
        assertThat(checked.output().lines().filter(line -> line.startsWith("WARN")))
                .as("this cluster was made without a recovery key")
                .singleElement()
                .asString()
                .contains("no recovery key");
        assertThat(of(checked, "round trip")).startsWith("OK").contains("has our restore point in it");
        assertThat(of(checked, "store")).startsWith("OK").contains("conditional put");
        assertThat(of(checked, "closure")).startsWith("OK").contains("1 backup");
        assertThat(of(checked, "role")).startsWith("OK").contains("and no more");
        try (Stream<Path> files = Files.walk(cluster.repository("local"))) {
            assertThat(files.filter(Files::isRegularFile))
                    .as("what check has put, it has taken away")
                    .noneMatch(file -> file.toString().contains("/index/check/"));
        }
    }

    @Test
    @Order(2)
    void e1_dryRunAsJson_switchesAndPutsNothing() throws SQLException {
        String before;
        String after;
        Programs.Outcome checked;
        try (Connection session = server.connect()) {
            before = Cluster.text(session, "SELECT pg_walfile_name(pg_current_wal_lsn())");
            checked = run("check", "--dry-run", "--json");
            after = Cluster.text(session, "SELECT pg_walfile_name(pg_current_wal_lsn())");
        }

        JsonObject json = JsonParser.parseString(checked.output()).getAsJsonObject();
        assertThat(checked.exit()).isZero();
        assertThat(after).isEqualTo(before);
        assertThat(json.get("exitCode").getAsInt()).isZero();
        assertThat(json.get("dryRun").getAsBoolean()).isTrue();
        assertThat(json.getAsJsonObject("counts").get("fail").getAsInt()).isZero();
        List<String> skipped = new ArrayList<>();
        for (JsonElement finding : json.getAsJsonArray("findings")) {
            JsonObject one = finding.getAsJsonObject();
            if (one.get("status").getAsString().equals("skipped")) {
                skipped.add(one.get("probe").getAsString());
                assertThat(one.get("found").getAsString()).contains("would ");
            }
        }
        assertThat(skipped).containsExactly("store", "round trip");
    }

    @Test
    @Order(3)
    void e1_nagios_isOneLineAndItsOwnExitCodes() {
        Programs.Outcome warning = run("check", "--nagios", "--dry-run");
        Programs.Outcome unknown = cluster.product().run("check", "--nagios", "--cluster", "nowhere");

        assertThat(warning.exit()).as(warning.said()).isEqualTo(1);
        assertThat(warning.output().lines())
                .singleElement()
                .asString()
                .matches("TIDEMARK WARNING - keyset: .* \\| ok=[0-9]+ warn=1 fail=0 skipped=2 time=[0-9.]+s;;60;0");
        assertThat(unknown.exit()).isEqualTo(3);
        assertThat(unknown.output()).startsWith("TIDEMARK UNKNOWN - no cluster \"nowhere\"");
    }

    @Test
    @Order(4)
    void s01_s41_settingsThatEndanger_areEachNamedWithTheLine() throws SQLException {
        set(
                "SET archive_command = 'pg_tde_archive_decrypt %f %p | pgbackrest archive-push %p'",
                "SET full_page_writes = off", "SET archive_timeout = 0");
        Programs.Outcome checked = run("check", "--dry-run");
        set("RESET archive_command", "RESET full_page_writes", "RESET archive_timeout");

        assertThat(checked.exit()).as(checked.said()).isEqualTo(2);
        assertThat(of(checked, "archive_command"))
                .startsWith("FAIL")
                .contains(
                        "takes three arguments",
                        "HINT: ALTER SYSTEM SET archive_command = '",
                        " archive-push ",
                        " %p'");
        assertThat(of(checked, "full_page_writes")).startsWith("WARN").contains("full_page_writes = on");
        assertThat(of(checked, "archive_timeout")).startsWith("WARN").contains("archive_timeout = '60s'");
    }

    @Test
    @Order(5)
    void e1_repositoryAway_isAStoreFailureAndTheServerIsLookedAtAllTheSame() throws IOException {
        Path repository = cluster.repository("local");
        Path aside = repository.resolveSibling("aside");
        Files.move(repository, aside);
        Programs.Outcome checked;
        try {
            checked = run("check", "--dry-run");
        } finally {
            Files.move(aside, repository);
        }

        assertThat(checked.exit()).as(checked.said()).isEqualTo(6);
        assertThat(of(checked, "keyset")).startsWith("FAIL");
        assertThat(of(checked, "closure")).startsWith("SKIPPED");
        assertThat(of(checked, "wal_level")).startsWith("OK");
    }

    @Test
    @Order(6)
    void e1_wrongKey_isAFailureOfKeys() throws IOException {
        Path key = cluster.directory().resolve("box.key");
        byte[] right = Files.readAllBytes(key);
        Files.write(key, "5b".repeat(32).getBytes(StandardCharsets.US_ASCII));
        Programs.Outcome checked;
        try {
            checked = run("check", "--dry-run");
        } finally {
            Files.write(key, right);
        }

        assertThat(checked.exit()).as(checked.said()).isEqualTo(5);
        assertThat(of(checked, "keyset")).startsWith("FAIL").contains("HINT: is the key file the one of this cluster?");
    }

    @Test
    @Order(7)
    void e1_roleWithoutGrants_isToldTheSqlAndNothingIsSwitched() throws SQLException {
        try (Connection session = server.connect()) {
            Cluster.execute(session, "ALTER ROLE tidemark NOREPLICATION");
            Cluster.execute(session, "REVOKE EXECUTE ON FUNCTION pg_catalog.pg_switch_wal() FROM tidemark");
        }
        Programs.Outcome checked = run("check");
        try (Connection session = server.connect()) {
            Cluster.execute(session, "ALTER ROLE tidemark REPLICATION");
            Cluster.execute(session, "GRANT EXECUTE ON FUNCTION pg_catalog.pg_switch_wal() TO tidemark");
        }

        assertThat(checked.exit()).as(checked.said()).isEqualTo(7);
        assertThat(of(checked, "role"))
                .contains(
                        "HINT: ALTER ROLE tidemark REPLICATION;",
                        "GRANT EXECUTE ON FUNCTION pg_catalog.pg_switch_wal()");
        assertThat(of(checked, "replication"))
                .startsWith("FAIL")
                .contains("42501", "HINT: ALTER ROLE tidemark REPLICATION;");
        assertThat(of(checked, "round trip")).startsWith("SKIPPED").contains("HINT: GRANT EXECUTE");
    }

    @Test
    @Order(8)
    void e1_archiveModeOff_saysThatARestartIsNeeded() throws SQLException {
        set("SET archive_mode = off");
        server.stop();
        server.start();
        Programs.Outcome checked = run("check");
        set("RESET archive_mode");
        server.stop();
        server.start();

        assertThat(checked.exit()).as(checked.said()).isEqualTo(2);
        assertThat(of(checked, "archive_mode"))
                .startsWith("FAIL")
                .contains("HINT: ALTER SYSTEM SET archive_mode = on; then restart the server");
        assertThat(of(checked, "round trip")).startsWith("SKIPPED");
    }

    @Test
    @Order(9)
    void t94_commandThatArchivesElsewhere_isFoundByTheSegmentThatDoesNotCome() throws SQLException {
        set("SET archive_command = 'cp %p /dev/null'");
        Programs.Outcome checked = run("check", "--timeout", "6s");

        assertThat(checked.exit()).as(checked.said()).isEqualTo(2);
        assertThat(of(checked, "archive_command")).contains("archives elsewhere");
        assertThat(of(checked, "round trip"))
                .startsWith("FAIL")
                .contains("did not come into repository \"local\"; last archived 0000000100000000");
    }
}
