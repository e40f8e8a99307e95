package io.tidemark.it.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.it.s3.bench.Commands;
import io.tidemark.it.s3.proxy.ChaosProxy;
import io.tidemark.it.s3.proxy.FaultPlan;
import io.tidemark.pipeline.backup.FakeCluster;
import io.tidemark.pipeline.care.repair.Repair;
import io.tidemark.pipeline.care.repair.RepairReport;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.stage.Compress;
import io.tidemark.sinks.StoredObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;

/**
 * Segments and backups through everything that goes wrong between a client and a bucket, while the server is killed now and then:
 * whatever was acknowledged is there, whole, and once.
 */
@ExtendWith(S3Servers.Provided.class)
final class FaultRunTest {
    private static final long SEED = 96_102;
    private static final int EFFORT = Integer.getInteger("tidemark.effort", 1);
    private static final int FAULTS = 100 * EFFORT;
    private static final int SEGMENTS = 24 + (500 - 24) * (EFFORT - 1) / 99;
    private static final int BACKUPS = 2 + EFFORT / 10;
    private static final int KILLS = 2 + EFFORT / 4;
    private static final double RATE = 0.3;
    private static final int PAGES_OF_A_TABLE = 1_500;
    private static final Duration LATER = Duration.ofDays(3);
    /** What S3Proxy lists when it was killed in the middle of a put: the file that it writes before it renames it. */
    private static final Pattern OF_A_KILLED_PUT = Pattern.compile(".*-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private static final Pattern ROOT = Pattern.compile("\"root\":\"([0-9a-f]{32})\"");

    private final S3Proxy server;
    private final String bucket;
    private final ChaosProxy chaos;
    private final Map<String, String> settings = new LinkedHashMap<>();

    @TempDir
    Path directory;

    FaultRunTest(S3Servers servers) {
        server = servers.ownS3Proxy();
        bucket = server.http().newBucket();
        chaos = new ChaosProxy(server.http().endpoint());
    }

    @AfterEach
    void close() {
        chaos.close();
        server.close();
    }

    @Test
    void t96_throughEveryFault_nothingIsLost_nothingIsTorn_nothingIsThereTwice() throws Exception {
        System.out.println("seed " + SEED + ", " + FAULTS + " faults, " + SEGMENTS + " segments");
        FakeCluster.at(directory.resolve("data"), SEED).relation("base/5/90000", 0, PAGES_OF_A_TABLE);
        configure();
        FaultPlan plan = new FaultPlan(SEED, FAULTS, RATE);
        try (Commands through = commands(chaos.endpoint().toString());
                Commands direct = commands(server.http().endpoint().toString())) {
            FaultRun run = new FaultRun(directory, through, plan, SEGMENTS, BACKUPS, SEED);
            chaos.strike(plan);
            killNowAndThen(run, run.start());
            chaos.calm();
            System.out.println("struck " + plan.struck() + ", requests " + chaos.takeCounts()
                    + ", commands that failed " + run.failures());

            assertThat(plan.left()).isZero();
            assertThat(through.memoryIsFree()).isTrue();
            beginAndForget("backups/prod/1/backup/x/pack/00/00000000");
            beginAndForget("backups/prod2/1/backup/x/pack/00/00000000");
            leftoversGo(direct);
            everythingIsThereOnce(direct, run);
            FaultRun after = new FaultRun(directory, direct, plan, SEGMENTS, BACKUPS, SEED);
            IntStream.range(0, SEGMENTS).forEach(after::fetch);
            backupsComeBack(direct, run.labels());
        }
    }

    private void configure() throws IOException {
        Path key = Files.createFile(
                directory.resolve("box.key"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(key, "5a".repeat(32));
        settings.put("cluster.prod.data-directory", directory.resolve("data").toString());
        settings.put("repository.far.s3.bucket", bucket);
        settings.put("repository.far.s3.prefix", "backups/");
        settings.put("repository.far.s3.part-size", "5MiB");
        settings.put("keys.provider.box.file", key.toString());
        settings.put("keys.recipients.0.provider", "box");
        settings.put("keys.memory", directory.resolve("memory").toString());
        settings.put("archive-get.patience", "0s");
        try (Commands first = commands(server.http().endpoint().toString())) {
            Matcher root = ROOT.matcher(first.run("init", "--json", "--without-recovery-key")
                    .succeeded()
                    .said());
            assertThat(root.find()).isTrue();
            settings.put("cluster.prod.root", root.group(1));
        }
    }

    private Commands commands(String endpoint) {
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.put("repository.far.s3.endpoint", endpoint);
        return new Commands(directory, all, server.http().owner());
    }

    private void killNowAndThen(FaultRun run, CompletableFuture<Void> done) {
        for (int kill = 1; kill <= KILLS; kill++) {
            while (run.archived() < kill * SEGMENTS / (KILLS + 1) && !done.isDone()) {
                LockSupport.parkNanos(10_000_000);
            }
            server.kill();
            server.start();
        }
        done.join();
    }

    /** What a process that is killed in the middle of a pack leaves behind. */
    private void beginAndForget(String key) {
        assertThat(owner().send("POST", "/" + bucket + "/" + key, Map.of("uploads", ""), Map.of(), "")
                        .statusCode())
                .isEqualTo(200);
    }

    private SignedRequests owner() {
        return new SignedRequests(server.http().endpoint(), server.http().owner());
    }

    /** Uploads that were cut off, and what backups left that did not end: some days later nobody waits for them. */
    private void leftoversGo(Commands commands) {
        long before = commands.with(repository -> repository.store().leftovers().count());
        Repair repair = new Repair(
                new Compress(3, Schedulers.parallel()),
                "a test",
                Clock.offset(Clock.systemUTC(), LATER),
                Repair.Mode.REMOVE);
        RepairReport report = commands.with(repository -> repair.run(repository, Duration.ofHours(1)));
        System.out.println(report);

        assertThat(report.leftovers()).isEqualTo(before).isPositive();
        assertThat(report.refused()).isEmpty();
        assertThat(commands.<Long>with(
                        repository -> repository.store().leftovers().count()))
                .isZero();
        assertThat(owner().send("GET", "/" + bucket, Map.of("uploads", ""), Map.of(), "")
                        .body())
                .as("another cluster's")
                .contains("backups/prod2/");
    }

    private static void everythingIsThereOnce(Commands commands, FaultRun run) {
        List<String> names = commands.with(repository -> repository
                .store()
                .list("")
                .map(StoredObject::name)
                .filter(name ->
                        !name.equals(ObjectNames.MARKER) && !name.value().startsWith(ObjectNames.KEYS))
                .filter(name -> !OF_A_KILLED_PUT.matcher(name.value()).matches())
                .concatMap(name -> repository.objects().verified(name).thenReturn(name.value()), 1)
                .collectList());

        assertThat(names).noneMatch(name -> name.contains(".again.") || name.contains("/rival/"));
        assertThat(names)
                .filteredOn(name -> name.contains("/wal/"))
                .map(name -> name.substring(name.lastIndexOf('/') + 1))
                .containsExactlyElementsOf(
                        IntStream.range(0, SEGMENTS).mapToObj(FaultRun::name).toList());
        assertThat(names)
                .containsAll(run.labels().stream()
                        .map(label -> FakeCluster.SYSTEM + "/backup/" + label + "/manifest")
                        .toList());
    }

    private void backupsComeBack(Commands commands, List<String> labels) throws IOException {
        for (String label : labels) {
            Path to = directory.resolve("restored-" + label);
            commands.run("restore", "--to", to.toString(), "--backup", label, "--latest")
                    .succeeded();
            for (String file : List.of("base/5/90000", "base/5/16432", "global/1262", "PG_VERSION")) {
                assertThat(to.resolve(file))
                        .hasSameBinaryContentAs(directory.resolve("data").resolve(file));
            }
        }
    }
}
