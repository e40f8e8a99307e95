package io.tidemark.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** The file source and the durable file: whole or not at all, nothing left behind. */
final class FilesTest {
    private static final byte[] CONTENT = Bytes.random(300_000, 20261127);

    private final Scheduler files = Schedulers.newBoundedElastic(4, 100, "files");

    @TempDir
    Path directory;

    @AfterEach
    void dispose() {
        files.disposeGracefully().block(Duration.ofSeconds(10));
    }

    @Test
    void source_readsTheWholeFile_anewEachTime() throws IOException {
        Path file = Files.write(directory.resolve("with space ü"), CONTENT);
        Flux<ByteBuf> bytes = new FileSource(file, files).bytes();

        assertThat(Bytes.joined(bytes).block()).isEqualTo(CONTENT);
        assertThat(Bytes.joined(bytes).block()).isEqualTo(CONTENT);
    }

    @Test
    void source_ofAnEmptyFile_completes() throws IOException {
        Path file = Files.createFile(directory.resolve("empty"));

        StepVerifier.create(new FileSource(file, files).bytes()).verifyComplete();
    }

    @Test
    void source_ofNoFile_fails() {
        StepVerifier.create(new FileSource(directory.resolve("none"), files).bytes())
                .verifyError(UncheckedIOException.class);
        StepVerifier.create(new FileSource(directory, files).bytes()).verifyError(UncheckedIOException.class);
    }

    @Test
    void source_cancelledMidway_releasesItsBuffers() throws IOException {
        Path file = Files.write(directory.resolve("file"), CONTENT);

        StepVerifier.create(new FileSource(file, files).bytes(), 1)
                .consumeNextWith(ByteBuf::release)
                .thenCancel()
                .verify();
    }

    @Test
    void t31_durableFile_isWholeUnderItsName_forItsOwnerOnly() throws IOException {
        Path destination = Files.write(directory.resolve("RECOVERYXLOG"), new byte[10]);

        StepVerifier.create(file(destination).write(Bytes.cut(CONTENT, 65_536))).verifyComplete();

        assertThat(Files.readAllBytes(destination)).isEqualTo(CONTENT);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(destination)))
                .isEqualTo("rw-------");
        assertThat(names()).containsExactly("RECOVERYXLOG");
    }

    @Test
    void t31_sourceThatFailsMidway_leavesWhatWasThereAndNothingElse() throws IOException {
        Path destination = Files.write(directory.resolve("RECOVERYXLOG"), new byte[10]);
        IllegalStateException broken = new IllegalStateException("broken");

        StepVerifier.create(file(destination).write(Bytes.cut(CONTENT, 65_536).concatWith(Mono.error(broken))))
                .verifyErrorMatches(error -> error == broken);

        assertThat(Files.readAllBytes(destination)).hasSize(10);
        assertThat(names()).containsExactly("RECOVERYXLOG");
    }

    @Test
    void t31_cancelMidway_leavesWhatWasThereAndNothingElse() throws IOException {
        Path destination = Files.write(directory.resolve("RECOVERYXLOG"), new byte[10]);

        StepVerifier.create(file(destination).write(Bytes.cut(CONTENT, 65_536).concatWith(Mono.never())))
                .thenAwait(Duration.ofMillis(200))
                .thenCancel()
                .verify();
        files.disposeGracefully().block(Duration.ofSeconds(10));

        assertThat(Files.readAllBytes(destination)).hasSize(10);
        assertThat(names()).containsExactly("RECOVERYXLOG");
    }

    @Test
    void durableFile_inADirectoryThatIsNotThere_failsAndReadsNothing() {
        Path destination = directory.resolve("gone").resolve("file");

        StepVerifier.create(file(destination).write(Flux.error(new AssertionError("read"))))
                .verifyErrorMatches(error -> error instanceof IOException);
    }

    private DurableFile file(Path destination) {
        return new DurableFile(destination, "xlogtemp.test", files);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> found = Files.list(directory)) {
            return found.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
