package io.tidemark.pipeline.archive;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import io.tidemark.crypto.keyset.NameDigest;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.stage.FileSource;
import io.tidemark.pipeline.wal.WalFileName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** A file that PostgreSQL offers for archiving: its name says what it must be, its stamp that it is the same throughout. */
final class OfferedFile {
    private final Path path;
    private final WalFileName name;
    private final FileStamp stamp;
    private final Scheduler files;

    private OfferedFile(Path path, WalFileName name, FileStamp stamp, Scheduler files) {
        this.path = path;
        this.name = name;
        this.stamp = stamp;
        this.files = files;
    }

    /** Blocking. */
    static OfferedFile at(Path path, Scheduler files) {
        String last = path.getFileName() == null ? "" : path.getFileName().toString();
        WalFileName name = WalFileName.parse(last)
                .orElseThrow(() -> new UsageError(
                        "\"" + path + "\" is no name of a WAL segment, history or label file",
                        "archive_command = 'tidemark archive-push %p', with %p and without quotes of its own"));
        try {
            return new OfferedFile(path, name, FileStamp.of(path), files);
        } catch (NoSuchFileException e) {
            throw new UsageError("there is no file " + path, e);
        } catch (IOException e) {
            throw new PostgresFailed("cannot archive " + path + ": " + e.getMessage(), e);
        }
    }

    Path path() {
        return path;
    }

    WalFileName name() {
        return name;
    }

    long sizeBytes() {
        return stamp.sizeBytes();
    }

    /** The file's bytes, given; at the end it must still be the same file, unchanged. */
    Flux<ByteBuf> bytes() {
        return new FileSource(path, files)
                .bytes()
                .concatWith(Mono.<ByteBuf>fromRunnable(this::requireUnchanged).subscribeOn(files))
                .onErrorMap(
                        UncheckedIOException.class,
                        e -> new PostgresFailed("cannot read " + path + ": " + e.getMessage(), e));
    }

    private void requireUnchanged() {
        try {
            FileStamp now = FileStamp.of(path);
            if (!now.equals(stamp)) {
                throw new IntegrityFailed(path + " was changed while it was read: " + stamp + " became " + now);
            }
        } catch (IOException e) {
            throw new IntegrityFailed(path + " was removed while it was read", e);
        }
    }

    /** The digest that stands for the content in object names. */
    Mono<String> nameDigest(NameDigest digest) {
        return bytes().reduce(digest, OfferedFile::update)
                .doOnDiscard(ByteBuf.class, ReferenceCountUtil::safeRelease)
                .map(NameDigest::first16Hex);
    }

    private static NameDigest update(NameDigest digest, ByteBuf buffer) {
        try {
            return digest.update(buffer.nioBuffer());
        } finally {
            buffer.release();
        }
    }
}
