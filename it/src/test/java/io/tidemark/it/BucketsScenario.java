package io.tidemark.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.it.s3.S3Proxy;
import io.tidemark.it.s3.S3Server;
import io.tidemark.it.s3.S3Servers;
import io.tidemark.pipeline.care.demo.Product;
import io.tidemark.pipeline.care.scratch.PostgresServer;
import io.tidemark.pipeline.care.scratch.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Two regions: a bucket over HTTPS, whose server goes down for good, and one over HTTP, of a server that the subclass names.
 * Archived and backed up online into both, recovered to a time and to the end from either, and from what is left.
 */
@ExtendWith({Lab.Provided.class, S3Servers.Provided.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class BucketsScenario {
    private static final long SEED = 17_012;

    private final Cluster cluster;
    private final S3Proxy paris;
    private final Ledger ledger = new Ledger(SEED);
    private Ledger.Commit target;

    BucketsScenario(Lab lab, S3Servers servers, S3Server london) {
        paris = servers.ownS3Proxy();
        cluster = new Cluster(lab, 17, List.of("paris", "london"))
                .inBucket("paris", paris.https())
                .inBucket("london", london);
    }

    @BeforeAll
    void load() throws Exception {
        System.out.println("seed " + SEED);
        String recovery = cluster.directory().resolve("safe/recovery.key").toString();
        cluster.run("keys", "recovery-key", "--out", recovery);
        cluster.initRepositories("--set", "keys.recipients.1.recovery=" + recovery + ".pub");
        PostgresServer server = cluster.newServer(Map.of());
        server.start();
        try (Connection session = server.connect()) {
            ledger.create(session);
            ledger.write(session, 50);
            cluster.backup(server);
            target = ledger.write(session, 40);
            ledger.write(session, 40);
            Cluster.archiveEverything(session);
        }
        cluster.destroy(server);
    }

    @AfterAll
    void strike() {
        cluster.close();
    }

    @Test
    @Order(1)
    void recoversToATime_fromABucketOverTls() throws Exception {
        assertThat(restored("to-time", "--repository", "paris", "--time", target.time()))
                .isEqualTo(target.state());
    }

    @Test
    @Order(2)
    void checkAndInfo_readBothBuckets() {
        Programs.Outcome info = cluster.run("info");

        assertThat(info.said()).contains("s3://", "paris", "london");
        assertThat(cluster.product().run("check").said())
                .contains("repository \"paris\": put, conditional put, get, list and delete in s3://")
                .contains("repository \"london\": put, conditional put, get, list and delete in s3://");
    }

    @Test
    @Order(3)
    void regionGone_theOtherBucketBringsEverythingBack() throws Exception {
        paris.kill();

        assertThat(restored("to-end", "--latest")).isEqualTo(ledger.last().state());
    }

    /** The README's own words, with this test's places for its examples: nothing of the old machine is used. */
    @Test
    @Order(4)
    void k5_newMachine_withTheRecoveryKeyTheRootAndTheBucket_bringsTheClusterBack() throws Exception {
        String readme = Files.readString(Path.of(System.getProperty("tidemark.root"), "README.md"));
        String section = readme.substring(readme.indexOf("## When the machine is gone"));
        String data = cluster.newDirectory("new-machine").toString();
        Map<String, String> places = Map.of(
                "3f0c5a1be2d84c6f9a7b1d2e3c4f5a6b", cluster.root(),
                "s3: { bucket: pg-backups, prefix: prod/, region: eu-west-3 }", cluster.bucket("london"),
                "/run/safe/recovery.key",
                        cluster.directory().resolve("safe/recovery.key").toString(),
                "/var/lib/postgresql/17/main", data);
        Product product = cluster.productWith("new.yaml", replaced(block(section, "yaml"), places));

        List<String> commands = replaced(block(section, "sh"), places)
                .lines()
                .map(line -> line.replaceFirst(" *#.*", ""))
                .toList();
        assertThat(commands).hasSize(4).last().asString().startsWith("pg_ctl start");
        for (String command : commands.subList(0, 3)) {
            String[] words = command.split(" ");
            Programs.Outcome outcome = product.run(words[1], Arrays.copyOfRange(words, 2, words.length));
            assertThat(outcome.exit()).as("%s%n%s", command, outcome.said()).isZero();
        }

        assertThat(opened(cluster.serverOn("new-machine")))
                .isEqualTo(ledger.last().state());
    }

    private static String block(String section, String language) {
        int start = section.indexOf("```" + language + "\n") + language.length() + 4;
        return section.substring(start, section.indexOf("```", start));
    }

    private static String replaced(String text, Map<String, String> places) {
        String now = text;
        for (Map.Entry<String, String> place : places.entrySet()) {
            now = now.replace(place.getKey(), place.getValue());
        }
        return now;
    }

    private Ledger.State restored(String data, String... arguments) throws Exception {
        String[] all = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--action";
        all[arguments.length + 1] = "promote";
        return opened(cluster.restore(data, all));
    }

    private Ledger.State opened(PostgresServer server) throws Exception {
        server.start();
        try (Connection session = server.connect()) {
            Cluster.awaitPromotion(session);
            Soundness.check(session);
            return Ledger.read(session);
        } finally {
            cluster.destroy(server);
        }
    }
}
