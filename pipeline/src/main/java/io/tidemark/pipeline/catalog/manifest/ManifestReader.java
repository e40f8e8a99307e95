package io.tidemark.pipeline.catalog.manifest;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;

/** Reads manifests as streams. */
public final class ManifestReader {
    private ManifestReader() {}

    /**
     * The lines of a manifest, in order, from its expanded content.
     *
     * <p>Cold; each subscription subscribes to {@code content} once and releases its buffers. Holds one line and the
     * lines of one buffer; without demand the content is not asked for. Every line is checked against those before it
     * as it comes, but only completion says that all of them are there: counts and SHA-256 of the footer have then been
     * verified. Ends with {@link io.tidemark.pipeline.config.IntegrityFailed} naming line and path where a line is
     * malformed or hostile, and with the errors of {@code content}; cancel cancels {@code content}.
     *
     * @param content buffers given
     * @param name what messages call the manifest: where it lies, and its label
     */
    public static Flux<ManifestLine> lines(Flux<ByteBuf> content, String name) {
        return Flux.defer(() -> {
            ManifestParser parser = new ManifestParser(name);
            return content.concatMapIterable(buffer -> parsed(parser, buffer), 1)
                    .concatWith(Flux.defer(() -> {
                        parser.end();
                        return Flux.empty();
                    }))
                    .doOnDiscard(ByteBuf.class, ByteBuf::release);
        });
    }

    private static List<ManifestLine> parsed(ManifestParser parser, ByteBuf buffer) {
        try {
            List<ManifestLine> lines = new ArrayList<>();
            if (buffer.isReadable()) {
                parser.feed(buffer.nioBuffer(), lines::add);
            }
            return lines;
        } finally {
            buffer.release();
        }
    }
}
