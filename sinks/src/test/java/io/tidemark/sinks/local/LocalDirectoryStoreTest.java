package io.tidemark.sinks.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.tidemark.sinks.AccessRefused;
import io.tidemark.sinks.IntegrityFailed;
import io.tidemark.sinks.InvalidName;
import io.tidemark.sinks.Leftover;
import io.tidemark.sinks.ObjectBody;
import io.tidemark.sinks.ObjectMissing;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.PutOutcome;
import io.tidemark.sinks.StoreException;
import io.tidemark.sinks.StoreFull;
import io.tidemark.sinks.StoreUnavailable;
import io.tidemark.sinks.StoreUnsuitable;
import io.tidemark.sinks.testing.ObjectStoreContract;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** The contract, then what only a directory can do wrong. */
final class LocalDirectoryStoreTest extends ObjectStoreContract {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final Scheduler files = Schedulers.newBoundedElastic(4, 100_000, "files");

    @Override
    protected ObjectStore emptyStore() {
        return now(LocalDirectoryStore.create(root(), files, new SecureRandom()));
    }

    @AfterEach
    void leavesNoTemporaryFile() throws IOException {
        Path temporary = root().resolve(".tmp");
        // A cancelled put cleans up on the file scheduler, behind what it was doing.
        for (int step = 0;
                step < 500
                        && Files.isDirectory(temporary)
                        && !entries(temporary).isEmpty();
                step++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        if (Files.isDirectory(temporary)) {
            assertThat(entries(temporary)).isEmpty();
        }
        files.dispose();
    }

    @Test
    void create_makesPrivateDirectories_andPutPrivateFiles() throws IOException {
        put("1/wal/a", bytes("x"));

        assertThat(mode("")).isEqualTo("rwx------");
        assertThat(mode(".tmp")).isEqualTo("rwx------");
        assertThat(mode("1")).isEqualTo("rwx------");
        assertThat(mode("1/wal")).isEqualTo("rwx------");
        assertThat(mode("1/wal/a")).isEqualTo("rw-------");
    }

    @Test
    void create_onAnExistingRoot_changesNothing() {
        put("a", bytes("x"));

        LocalDirectoryStore again = now(LocalDirectoryStore.create(root(), files, new SecureRandom()));

        assertThat(collect(again.get(ObjectName.of("a")))).isEqualTo(bytes("x"));
    }

    @Test
    void create_whereAFileIs_isRefused() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        StepVerifier.create(LocalDirectoryStore.create(file, files, new SecureRandom()))
                .expectError(StoreUnsuitable.class)
                .verify(PATIENCE);
    }

    @Test
    void aMissingRoot_isUnavailable_neverAbsent_andIsNotMade() {
        ObjectStore store = LocalDirectoryStore.open(directory.resolve("gone"), files, new SecureRandom());

        unavailable(store.putIfAbsent(ObjectName.of("a"), ObjectBody.of(bytes("x"))));
        unavailable(store.get(ObjectName.of("a")).doOnNext(ByteBuf::release).then());
        unavailable(store.stat(ObjectName.of("a")));
        unavailable(store.list("").then());
        unavailable(store.list("a/b").then());
        unavailable(store.delete(ObjectName.of("a")));
        assertThat(directory.resolve("gone")).doesNotExist();
    }

    @Test
    void aRootThatGoesAway_isUnavailable_alsoForAStoreThatKnewIt() throws IOException {
        put("a/b", bytes("x"));

        Files.move(root(), directory.resolve("elsewhere"));

        unavailable(store().putIfAbsent(ObjectName.of("a/c"), ObjectBody.of(bytes("x"))));
        unavailable(store().stat(ObjectName.of("a/b")));
        unavailable(store().list("").then());
        assertThat(root()).doesNotExist();
    }

    @Test
    void aRootThatIsReplacedMeanwhile_isUnavailable() throws IOException {
        Root watched = new Root(root());
        Object before = watched.identity();
        Files.move(root(), directory.resolve("elsewhere"));
        Files.createDirectory(root());

        assertThatThrownBy(() -> watched.confirm(before)).isInstanceOf(StoreUnavailable.class);
    }

    @Test
    void crashLeftovers_areNeitherListedNorInTheWay() throws IOException {
        Path leftover = root().resolve(".tmp/0123456789abcdef");
        Files.write(leftover, bytes("half an obj"));
        put("a", bytes("x"));

        assertThat(names("")).containsExactly("a");
        assertThat(entries(root().resolve(".tmp"))).containsExactly("0123456789abcdef");
        Files.delete(leftover);
    }

    @Test
    void aTemporaryDirectoryThatWasNotCopied_isMadeAgain() throws IOException {
        Files.delete(root().resolve(".tmp"));

        assertThat(put("a", bytes("x"))).isEqualTo(PutOutcome.CREATED);
    }

    @Test
    void whatIsNoName_isNotListed() throws IOException {
        Files.createDirectories(root().resolve("lost+found/x"));
        Files.write(root().resolve("a b"), bytes("x"));
        Files.write(root().resolve(".hidden"), bytes("x"));
        put("a", bytes("x"));

        assertThat(names("")).containsExactly("a");
    }

    @Test
    void links_areNotFollowed_onTheWayNorAtTheEnd() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.write(outside.resolve("secret"), bytes("secret"));
        Files.createSymbolicLink(root().resolve("way"), outside);
        Files.createSymbolicLink(root().resolve("end"), outside.resolve("secret"));

        for (String name : List.of("way/secret", "end")) {
            fails(
                    IntegrityFailed.class,
                    store().get(ObjectName.of(name)).doOnNext(ByteBuf::release).then());
            fails(IntegrityFailed.class, store().stat(ObjectName.of(name)));
        }
        fails(IntegrityFailed.class, store().putIfAbsent(ObjectName.of("way/new"), ObjectBody.of(bytes("x"))));
        fails(IntegrityFailed.class, store().list("").then());
        fails(IntegrityFailed.class, store().list("way/").then());
        fails(IntegrityFailed.class, store().delete(ObjectName.of("way/secret")));
        assertThat(entries(outside)).containsExactly("secret");
    }

    @Test
    void aTemporaryDirectoryThatIsALink_isNotFollowed() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.delete(root().resolve(".tmp"));
        Files.createSymbolicLink(root().resolve(".tmp"), outside);

        fails(IntegrityFailed.class, store().putIfAbsent(ObjectName.of("a"), ObjectBody.of(bytes("x"))));

        assertThat(entries(outside)).isEmpty();
        Files.delete(root().resolve(".tmp"));
    }

    @Test
    void aNameThatALinkOccupies_isPresent_andTheLinkIsLeftAlone() throws IOException {
        Files.createSymbolicLink(root().resolve("a"), directory.resolve("nowhere"));

        assertThat(put("a", bytes("x"))).isEqualTo(PutOutcome.PRESENT);

        assertThat(directory.resolve("nowhere")).doesNotExist();
        fails(IntegrityFailed.class, store().get(ObjectName.of("a")).then());
    }

    @Test
    void aDirectoryOrAFifoWhereAnObjectShouldBe_isNamed_andIsNotWaitedFor() throws IOException, InterruptedException {
        Files.createDirectory(root().resolve("dir"));
        assumeTrue(new ProcessBuilder("mkfifo", root().resolve("fifo").toString())
                        .start()
                        .waitFor()
                == 0);

        for (String name : List.of("dir", "fifo")) {
            fails(IntegrityFailed.class, store().get(ObjectName.of(name)).then());
            fails(IntegrityFailed.class, store().stat(ObjectName.of(name)));
        }
        fails(IntegrityFailed.class, store().delete(ObjectName.of("dir")));
        assertThat(put("fifo", bytes("x"))).isEqualTo(PutOutcome.PRESENT);
        fails(IntegrityFailed.class, store().putIfAbsent(ObjectName.of("fifo/x"), ObjectBody.of(bytes("x"))));
    }

    @Test
    void list_ofADirectoryLargerThanAPage_isCompleteAndSorted() {
        ObjectStore paged = new LocalDirectoryStore(root(), files, new SecureRandom(), Path.of("/proc/self/mounts"), 7);
        for (int i = 0; i < 50; i++) {
            put("flat/" + i, bytes("x"));
            put("deep/" + i + "/a", bytes("x"));
            put("deep/" + i + "-x", bytes("x"));
        }

        List<String> listed =
                now(paged.list("").map(found -> found.name().value()).collectList());

        assertThat(listed).hasSize(150).isSorted().doesNotHaveDuplicates();
        assertThat(now(paged.list("flat/1").count())).isEqualTo(11);
    }

    @Test
    void put_onAReadOnlyDirectory_isRefused() throws IOException {
        Files.createDirectory(
                root().resolve("a"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-xr-xr-x")));
        assumeTrue(!Files.isWritable(root().resolve("a")), "runs as root, whom permissions do not stop");

        fails(AccessRefused.class, store().putIfAbsent(ObjectName.of("a/b"), ObjectBody.of(bytes("x"))));
    }

    @Test
    void put_onADeviceThatIsFull_isStoreFull() {
        assumeTrue(Files.isWritable(Path.of("/dev/full")));
        PendingFile file = new PendingFile(new Root(root()), "x", ObjectName.of("a"));

        // What a full device says, said by the kernel itself.
        assertThatThrownBy(() -> Files.write(Path.of("/dev/full"), bytes("x")))
                .isInstanceOfSatisfying(
                        IOException.class,
                        error -> assertThat(FileFailure.of("write", root(), error))
                                .isInstanceOf(StoreFull.class)
                                .hasMessageContaining("HINT"));
        file.discard();
    }

    @Test
    void failures_areToldApartByWhatTheSystemSaid() {
        assertThat(failure("Disk quota exceeded")).isInstanceOf(StoreFull.class);
        assertThat(failure("Read-only file system")).isInstanceOf(AccessRefused.class);
        assertThat(failure("Stale file handle")).isInstanceOf(StoreUnavailable.class);
        assertThat(failure("Input/output error")).isInstanceOf(StoreUnavailable.class);
        assertThat(failure("Not a directory")).isInstanceOf(IntegrityFailed.class);
        assertThat(FileFailure.ofFeature("link", root(), said("Operation not permitted")))
                .isInstanceOf(StoreUnsuitable.class);
        assertThat(FileFailure.ofFeature("link", root(), said("Input/output error")))
                .isInstanceOf(StoreUnavailable.class);
    }

    @Test
    void t110_aRootOnASoftNfsMount_isRefusedByInitAndByPut() throws IOException {
        Path table = directory.resolve("mounts");
        Files.writeString(table, "filer:/x " + directory.toRealPath() + " nfs4 rw,soft 0 0\n");
        LocalDirectoryStore soft = new LocalDirectoryStore(root(), files, new SecureRandom(), table, 10);

        fails(StoreUnsuitable.class, LocalDirectoryStore.create(soft));
        fails(StoreUnsuitable.class, soft.putIfAbsent(ObjectName.of("a"), ObjectBody.of(bytes("x"))));

        assertThat(names("")).isEmpty();
    }

    @Test
    void get_ofAFileThatBecomesShorter_isAnErrorNotAnEnd() throws IOException {
        put("a", random(200_000));

        StepVerifier.create(store().get(ObjectName.of("a")).doOnNext(ByteBuf::release), 1)
                .expectNextCount(1)
                .then(() -> cut(root().resolve("a")))
                .thenRequest(10)
                .thenConsumeWhile(buffer -> true)
                .expectError(IntegrityFailed.class)
                .verify(PATIENCE);
    }

    @Test
    void putAndGet_leaveNoDescriptorOpen() throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(descriptors));
        put("warm", random(100_000));
        for (int i = 0; i < 20; i++) {
            StepVerifier.create(store().get(ObjectName.of("warm")).doOnNext(ByteBuf::release), 1)
                    .expectNextCount(1)
                    .thenCancel()
                    .verify(PATIENCE);
        }

        for (int step = 0; step < 500 && opened() > 0; step++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }

        assertThat(opened()).isZero();
    }

    @Test
    void aStoreOfAnotherProcess_isAsGoodAsThisOne() {
        ObjectStore other = LocalDirectoryStore.open(root(), files, new SecureRandom());
        put("a/b", bytes("x"));

        assertThat(now(other.putIfAbsent(ObjectName.of("a/b"), ObjectBody.of(bytes("y")))))
                .isEqualTo(PutOutcome.PRESENT);
        assertThat(now(other.putIfAbsent(ObjectName.of("a/c"), ObjectBody.of(bytes("y")))))
                .isEqualTo(PutOutcome.CREATED);
        assertThat(names("a/")).containsExactly("a/b", "a/c");
        now(other.delete(ObjectName.of("a/b")).thenReturn(1));
        fails(ObjectMissing.class, store().get(ObjectName.of("a/b")).then());
    }

    @Test
    void leftovers_ofAKilledWriter_areFoundAndDiscarded_andNoOtherFile() throws IOException {
        put("a/b", bytes("x"));
        Files.write(root().resolve(".tmp/3f00"), new byte[10]);
        Files.createDirectory(root().resolve(".tmp/directory"));

        List<Leftover> found = now(store().leftovers().collectList());

        assertThat(found).extracting(Leftover::description).containsExactly(".tmp/3f00");
        now(store().discard(found.get(0)).thenReturn(1));
        now(store().discard(found.get(0)).thenReturn(1));
        assertThat(now(store().leftovers().collectList())).isEmpty();
        Files.delete(root().resolve(".tmp/directory"));
    }

    @Test
    void discard_ofWhatIsNoTemporaryFile_isRefused() {
        put("a/b", bytes("x"));

        for (String id : List.of("../a/b", "/etc/passwd", "..", ".", "")) {
            fails(InvalidName.class, store().discard(new Leftover(id, id, Instant.EPOCH)));
        }
        assertThat(names("")).containsExactly("a/b");
    }

    private Path root() {
        return directory.resolve("prod");
    }

    private String mode(String path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(root().resolve(path)));
    }

    /** Descriptors of this process that lie below the root. */
    private long opened() {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(descriptor -> {
                        try {
                            return Files.readSymbolicLink(descriptor).startsWith(root());
                        } catch (IOException e) {
                            return false;
                        }
                    })
                    .count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> entries(Path path) throws IOException {
        try (Stream<Path> all = Files.list(path)) {
            return all.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    private static void cut(Path file) {
        try {
            Files.write(file, new byte[70_000]);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void unavailable(Mono<?> mono) {
        fails(StoreUnavailable.class, mono);
    }

    private static void fails(Class<? extends StoreException> type, Mono<?> mono) {
        StepVerifier.create(mono).expectError(type).verify(PATIENCE);
    }

    private StoreException failure(String reason) {
        return FileFailure.of("write", root(), said(reason));
    }

    private static FileSystemException said(String reason) {
        return new FileSystemException("/x", null, reason);
    }
}
