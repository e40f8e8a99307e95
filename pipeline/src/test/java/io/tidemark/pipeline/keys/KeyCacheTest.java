package io.tidemark.pipeline.keys;

import static io.tidemark.pipeline.keys.Await.one;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.Configuration;
import io.tidemark.pipeline.config.ConfigurationReader;
import io.tidemark.pipeline.keys.provider.KeyFiles;
import io.tidemark.pipeline.keys.vault.ScriptedVault;
import io.tidemark.pipeline.postgres.wire.EventLoops;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** How often what the configuration makes asks a key server. */
class KeyCacheTest {
    private static final EventLoops LOOPS = EventLoops.open(1);

    @TempDir
    private Path directory;

    private final ScriptedVault vault = new ScriptedVault();
    private final TestCluster cluster = new TestCluster(1);
    private final List<KeyServers> opened = new ArrayList<>();

    @BeforeEach
    void initialise() {
        new KeyFiles(directory.resolve("token")).write("s.first");
        vault.put("tidemark-prod", new byte[32]);
        ConfiguredKeys keys = keys("0s");
        cluster.plant(
                1,
                one(new GenerationMaker(one(keys.recipients()), TestCluster.CLOCK, Schedulers.immediate())
                                .make(cluster.keyset, cluster.marker.cluster(), 1))
                        .toJson());
    }

    @AfterEach
    void close() {
        opened.forEach(KeyServers::close);
        vault.close();
    }

    @AfterAll
    static void end() {
        LOOPS.close().block();
    }

    @Test
    void open_severalKeysetsUnderOneKey_asksTheServerOnce() {
        int before = vault.requests().size();

        openTenTimes(keys("5m"));

        assertThat(vault.requests().size() - before).isEqualTo(1);
    }

    @Test
    void open_withoutALifetime_asksEachTime() {
        int before = vault.requests().size();

        openTenTimes(keys("0s"));

        assertThat(vault.requests().size() - before).isEqualTo(10);
    }

    @Test
    void close_ofTheServers_leavesNoKeyToUse() {
        ConfiguredKeys keys = keys("5m");
        openTenTimes(keys);
        opened.forEach(KeyServers::close);

        assertThat(access(keys)
                        .open(cluster.store, cluster.marker)
                        .onErrorComplete()
                        .blockOptional())
                .isEmpty();
    }

    /** Three at a time: what one waits for, the others get too. */
    private void openTenTimes(ConfiguredKeys keys) {
        KeysetAccess access = access(keys);
        assertThat(Flux.range(0, 10)
                        .flatMap(number -> access.open(cluster.store, cluster.marker), 3)
                        .doOnNext(OpenedKeyset::close)
                        .count()
                        .block())
                .isEqualTo(10);
    }

    private KeysetAccess access(ConfiguredKeys keys) {
        ClusterSettings settings = configuration("5m").cluster("prod");
        return keys.access(settings, cluster.log);
    }

    private ConfiguredKeys keys(String lifetime) {
        KeyServers servers = new KeyServers(
                () -> LOOPS,
                Schedulers.boundedElastic(),
                TestCluster.RANDOM,
                Map.of(),
                () -> cluster.log,
                Clock.systemUTC());
        opened.add(servers);
        return new ConfiguredKeys(
                configuration(lifetime).keys(), Map.of(), TestCluster.RANDOM, Schedulers.boundedElastic(), servers);
    }

    private Configuration configuration(String lifetime) {
        return ConfigurationReader.read(
                        null,
                        List.of(
                                "cluster.prod.root=" + cluster.root(),
                                "keys.provider.vault.vault.address=http://127.0.0.1:" + vault.port(),
                                "keys.provider.vault.vault.token-file=" + directory.resolve("token"),
                                "keys.recipients.0.provider=vault",
                                "keys.recipients.0.key=tidemark-prod",
                                "keys.memory=" + directory.resolve("memory"),
                                "keys.cache.lifetime=" + lifetime),
                        Map.of(),
                        directory)
                .configuration();
    }
}
