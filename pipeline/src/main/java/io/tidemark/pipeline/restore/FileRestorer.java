package io.tidemark.pipeline.restore;

import static java.util.Objects.requireNonNull;

import io.tidemark.crypto.keyset.PageDigests;
import io.tidemark.pipeline.catalog.manifest.ChunkReference;
import io.tidemark.pipeline.catalog.manifest.Extent;
import io.tidemark.pipeline.catalog.manifest.FilePath;
import io.tidemark.pipeline.catalog.manifest.Layout;
import io.tidemark.pipeline.catalog.manifest.LayoutChunk;
import io.tidemark.pipeline.catalog.manifest.LayoutLine;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredFile;
import io.tidemark.pipeline.catalog.manifest.PageList;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.event.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Puts one file together from its layout's chunks, several at once, each fetched once; durable when complete. */
final class FileRestorer {
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1 << 16).asReadOnlyBuffer();

    private final ChunkReader chunks;
    private final Restore.Reading reading;
    private final int blockSize;
    private final Supplier<PageDigests> pageDigests;
    private final Scheduler files;
    private final Progress progress;

    FileRestorer(
            ChunkReader chunks,
            Restore.Reading reading,
            int blockSize,
            Supplier<PageDigests> pageDigests,
            Scheduler files,
            Progress progress) {
        this.chunks = chunks;
        this.reading = reading;
        this.blockSize = blockSize;
        this.pageDigests = pageDigests;
        this.files = files;
        this.progress = progress;
    }

    /**
     * @param into the directory that the file goes below
     * @param path below it
     */
    Mono<Void> restore(StoredFile file, SafeDirectory into, FilePath path) {
        return parts(file)
                .flatMap(parts -> Mono.usingWhen(
                                Mono.fromCallable(() -> into.create(path)),
                                open -> write(file, parts, open)
                                        .then(onFiles(() -> open.finish(file.mode(), file.modified()))),
                                open -> onFiles(open::close),
                                (open, error) -> onFiles(open::close),
                                open -> onFiles(open::close))
                        .subscribeOn(files))
                .onErrorMap(SourceLost::isWhy, SourceLost::new)
                .onErrorMap(
                        UncheckedIOException.class,
                        e -> RestoreFailure.writing(file.path().toString(), e))
                .onErrorMap(
                        IOException.class,
                        e -> RestoreFailure.writing(file.path().toString(), e));
    }

    private Mono<Void> onFiles(Blocking step) {
        return Mono.<Void>fromCallable(() -> {
                    step.run();
                    return null;
                })
                .subscribeOn(files);
    }

    /** A step that blocks. */
    private interface Blocking {
        void run() throws IOException;
    }

    /** One chunk and all places of the file that its bytes go to. */
    private record Part(LayoutChunk chunk, List<Extent> extents) {}

    /** The parts, and the digests of the file's pages where they are to be compared. */
    private record Parts(List<Part> list, PageList pages) {}

    private static final PageList NOT_COMPARED = PageList.of();

    private Mono<Parts> parts(StoredFile file) {
        ChunkReference layout = file.layout();
        if (layout == null) {
            return Mono.just(new Parts(List.of(), NOT_COMPARED));
        }
        return chunks.read(layout).map(line -> parts(file, line));
    }

    private Parts parts(StoredFile file, byte[] line) {
        try {
            Layout layout = LayoutLine.read(line);
            Map<LayoutChunk, List<Extent>> byChunk = new LinkedHashMap<>();
            for (Extent extent : layout.extents(file.size(), blockSize)) {
                byChunk.computeIfAbsent(extent.chunk(), chunk -> new ArrayList<>())
                        .add(extent);
            }
            List<Part> parts = new ArrayList<>(byChunk.size());
            byChunk.forEach((chunk, extents) -> parts.add(new Part(chunk, extents)));
            // chunks in order are where their seal says; a map is a decision of ours that can be wrong
            PageList pages = layout.map().isEmpty() ? null : layout.pages();
            return new Parts(parts, pages == null ? NOT_COMPARED : pages);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IntegrityFailed("layout of '" + file.path() + "': " + e.getMessage(), e);
        }
    }

    private Mono<Void> write(StoredFile file, Parts parts, SafeDirectory.OpenFile into) {
        Map<ChunkReference, Part> stored = new LinkedHashMap<>();
        List<Part> zeros = new ArrayList<>();
        for (Part part : parts.list()) {
            if (part.chunk() instanceof LayoutChunk.Stored chunk) {
                stored.put(chunk.reference(), part);
            } else {
                zeros.add(part);
            }
        }
        return Flux.fromIterable(zeros)
                .concatMap(part -> writeZeros(part, into))
                .thenMany(Flux.fromIterable(ChunkRun.of(stored.keySet(), reading.rangeBytes())))
                .flatMap(
                        run -> chunks.read(
                                run, (chunk, bytes) -> write(file, part(stored, chunk), parts.pages(), bytes, into)),
                        reading.parallel(),
                        1)
                .then();
    }

    private static Part part(Map<ChunkReference, Part> stored, ChunkReference chunk) {
        return requireNonNull(stored.get(chunk));
    }

    private Mono<Void> write(StoredFile file, Part part, PageList pages, byte[] bytes, SafeDirectory.OpenFile into) {
        return Mono.just(bytes)
                .doOnNext(plain -> compare(file, part, pages, plain))
                .publishOn(files)
                .doOnNext(plain -> place(part, plain, into))
                .then();
    }

    private Mono<Void> writeZeros(Part part, SafeDirectory.OpenFile into) {
        return Mono.<Void>fromRunnable(() -> placeZeros(part, into)).subscribeOn(files);
    }

    private void place(Part part, byte[] bytes, SafeDirectory.OpenFile into) {
        try {
            for (Extent extent : part.extents()) {
                ByteBuffer slice = ByteBuffer.wrap(
                        bytes, Math.toIntExact(extent.offsetInChunk()), Math.toIntExact(extent.length()));
                into.write(slice, extent.offset());
                progress.advance(extent.length());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Written out, so that a full disk shows now and not when the server needs the page. */
    private void placeZeros(Part part, SafeDirectory.OpenFile into) {
        try {
            for (Extent extent : part.extents()) {
                long left = extent.length();
                long at = extent.offset();
                while (left > 0) {
                    ByteBuffer slice = ZEROS.duplicate().limit((int) Math.min(left, ZEROS.capacity()));
                    int length = slice.remaining();
                    into.write(slice, at);
                    at += length;
                    left -= length;
                    progress.advance(length);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void compare(StoredFile file, Part part, PageList pages, byte[] bytes) {
        if (pages.size() == 0) {
            return;
        }
        PageDigests digests = pageDigests.get();
        for (Extent extent : part.extents()) {
            for (long done = 0; done + blockSize <= extent.length(); done += blockSize) {
                long page = (extent.offset() + done) / blockSize;
                ByteBuffer plain = ByteBuffer.wrap(bytes, Math.toIntExact(extent.offsetInChunk() + done), blockSize);
                if (page < pages.size() && digests.entry(plain) != pages.get((int) page)) {
                    throw new IntegrityFailed("page " + page + " of '" + file.path()
                            + "' is not the one that was backed up: its digest differs from the page list");
                }
            }
        }
    }
}
