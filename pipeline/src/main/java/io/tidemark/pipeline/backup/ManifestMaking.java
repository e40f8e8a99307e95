package io.tidemark.pipeline.backup;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tidemark.pipeline.catalog.Facts;
import io.tidemark.pipeline.catalog.SealedBody;
import io.tidemark.pipeline.catalog.manifest.FilePath;
import io.tidemark.pipeline.catalog.manifest.FrameStart;
import io.tidemark.pipeline.catalog.manifest.ManifestFrames;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredFile;
import io.tidemark.pipeline.catalog.manifest.ManifestLineWriter;
import io.tidemark.pipeline.catalog.manifest.ManifestWriter;
import io.tidemark.pipeline.stage.ContentDigest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * Lines in, a manifest's content out: Zstandard frames of about 1 MiB of text, kept in the spill until they are put.
 * Blocks on files; for one thread.
 */
final class ManifestMaking {
    private static final int FRAME_BYTES = 1 << 20;
    private static final int READ_BYTES = 1 << 16;
    // half of what facts may have: the other half is for JSON's escapes and the rest of the facts
    private static final int MAX_INDEX_CHARACTERS = 256 << 10;

    private final ManifestWriter writer = new ManifestWriter();
    private final MessageDigest digest = sha256();
    private final ByteArrayOutputStream frame = new ByteArrayOutputStream(FRAME_BYTES + (64 << 10));
    private final Spill.Writer content;
    private final ZstdCompressCtx zstd;
    private final Spill spill;
    private List<FrameStart> starts = new ArrayList<>();
    private @Nullable FilePath firstPath;
    private boolean inFiles;
    private long contentBytes;
    private long plainBytes;

    /** @param zstd lent */
    ManifestMaking(Spill spill, ZstdCompressCtx zstd) throws IOException {
        this.spill = spill;
        this.content = spill.newRun();
        this.zstd = zstd;
    }

    /** A line before the entries. */
    void line(ManifestLine line) throws IOException {
        append(writer.line(line));
    }

    /**
     * An entry's line as it was written; it is read back, so that no manifest is put that a reader would refuse.
     *
     * @param judge gives the line that a file has now
     */
    ManifestLine.Entry entry(byte[] written, UnaryOperator<StoredFile> judge) throws IOException {
        ManifestLine.Entry before = ManifestWriter.read(written);
        ManifestLine.Entry entry = before instanceof StoredFile file ? judge.apply(file) : before;
        byte[] line = entry.equals(before) ? written : ManifestLineWriter.write(entry);
        writer.entry(entry, line);
        if (!inFiles) {
            endFrame();
            inFiles = true;
        }
        if (frame.size() == 0) {
            firstPath = entry.path();
        }
        append(line);
        return entry;
    }

    /** The footer, and the whole. */
    Made end(FactsOf factsOf) throws IOException {
        ManifestLine.Footer footer = writer.footer();
        append(ManifestLineWriter.write(footer));
        endFrame();
        Spill.Run run = content.end();
        ContentDigest whole = new ContentDigest(HexFormat.of().formatHex(digest.digest()), plainBytes);
        return new Made(footer, spill, run, factsOf.facts(whole, footer, new ManifestFrames(starts)));
    }

    /** Makes the facts when all else is known. */
    interface FactsOf {
        Facts facts(ContentDigest digest, ManifestLine.Footer footer, ManifestFrames frames) throws IOException;
    }

    /** A manifest that is ready to be put. */
    record Made(ManifestLine.Footer footer, Spill spill, Spill.Run run, Facts facts) {
        /** @param files where the spill is read */
        SealedBody body(Scheduler files) {
            return SealedBody.ofFrames(() -> frames().subscribeOn(files), () -> facts);
        }

        private Flux<ByteBuf> frames() {
            return Flux.using(
                    () -> spill.read(run),
                    in -> Flux.generate(sink -> {
                        try {
                            ByteBuf next = read(in);
                            if (next == null) {
                                sink.complete();
                            } else {
                                sink.next(next);
                            }
                        } catch (IOException e) {
                            sink.error(SourceFailure.ofSpill(e));
                        }
                    }),
                    in -> {});
        }

        private static @Nullable ByteBuf read(InputStream in) throws IOException {
            byte[] bytes = new byte[READ_BYTES];
            int length = in.read(bytes, 0, bytes.length);
            return length < 0 ? null : Unpooled.wrappedBuffer(bytes, 0, length);
        }
    }

    private void append(byte[] line) throws IOException {
        digest.update(line);
        plainBytes += line.length;
        frame.writeBytes(line);
        if (frame.size() >= FRAME_BYTES) {
            endFrame();
        }
    }

    private void endFrame() throws IOException {
        if (frame.size() == 0) {
            return;
        }
        byte[] plain = frame.toByteArray();
        byte[] packed = new byte[(int) Zstd.compressBound(plain.length)];
        int length = zstd.compressByteArray(packed, 0, packed.length, plain, 0, plain.length);
        starts.add(new FrameStart(contentBytes, firstPath));
        thinOut();
        content.write(packed, 0, length);
        contentBytes += length;
        firstPath = null;
        frame.reset();
    }

    // every second row goes, but never the first of the entries: a path before all others is looked for from there
    private void thinOut() {
        while (starts.size() > ManifestFrames.MAX_FRAMES || characters(starts) > MAX_INDEX_CHARACTERS) {
            List<FrameStart> fewer = new ArrayList<>();
            int entries = 0;
            for (FrameStart start : starts) {
                if (start.firstPath() == null || entries++ % 2 == 0) {
                    fewer.add(start);
                }
            }
            if (fewer.size() == starts.size()) {
                return;
            }
            starts = fewer;
        }
    }

    private static long characters(List<FrameStart> starts) {
        long characters = 0;
        for (FrameStart start : starts) {
            FilePath path = start.firstPath();
            characters += path == null ? 0 : path.bytes().length;
        }
        return characters;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
