package io.tidemark.pipeline.catalog;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tidemark.pipeline.stage.Compress;
import io.tidemark.pipeline.stage.ContentDigest;
import io.tidemark.pipeline.stage.DigestStage;
import io.tidemark.pipeline.stage.FactsFrame;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The content of a sealed object to be: frames, facts, footer (FORMAT.md, section 3). It can be written any number of
 * times, each time reading its source anew; the file must be the same each time.
 */
public final class SealedBody {
    private final Supplier<Flux<ByteBuf>> source;
    private final Function<ContentDigest, Facts> factsOf;
    // null where the source is frames already
    private final @Nullable Compress compress;

    private SealedBody(
            Supplier<Flux<ByteBuf>> source, Function<ContentDigest, Facts> factsOf, @Nullable Compress compress) {
        this.source = source;
        this.factsOf = factsOf;
        this.compress = compress;
    }

    /**
     * @param file the file's bytes, given; asked once an attempt
     * @param factsOf called when the file has been read; its digest must be the one given
     */
    public static SealedBody ofFile(
            Supplier<Flux<ByteBuf>> file, Function<ContentDigest, Facts> factsOf, Compress compress) {
        return new SealedBody(file, factsOf, compress);
    }

    /**
     * The same for a file that is small and at hand.
     *
     * @param file lent, and not to be changed as long as the body is used
     */
    public static SealedBody ofBytes(ByteBuffer file, Function<ContentDigest, Facts> factsOf, Compress compress) {
        return ofFile(() -> Flux.defer(() -> Flux.just(Unpooled.wrappedBuffer(file))), factsOf, compress);
    }

    /**
     * For who makes the frames, as packs and manifests do.
     *
     * @param frames Zstandard frames with content size and checksum, given; asked once an attempt
     * @param facts called when all frames have been given out, for each attempt; {@code size} and {@code sha256} are of
     *     what they expand to
     */
    public static SealedBody ofFrames(Supplier<Flux<ByteBuf>> frames, Supplier<Facts> facts) {
        return new SealedBody(frames, ignoredDigestOfFrames -> facts.get(), null);
    }

    /** Frames, facts, footer, given; {@code made} is told the facts before they are written. */
    Flux<ByteBuf> content(Consumer<Facts> made) {
        return Flux.defer(() -> {
            DigestStage digest = new DigestStage();
            Flux<ByteBuf> read = source.get().transform(digest::apply);
            Flux<ByteBuf> frames = compress == null ? read : read.transform(compress::apply);
            return frames.concatWith(
                    digest.digest().map(factsOf).doOnNext(made).map(facts -> FactsFrame.write(facts.toJson())));
        });
    }

    /** The facts alone, by reading the source once. */
    Mono<Facts> facts() {
        return Mono.defer(() -> {
            DigestStage digest = new DigestStage();
            return source.get()
                    .transform(digest::apply)
                    .doOnNext(ByteBuf::release)
                    .then(digest.digest())
                    .map(factsOf);
        });
    }
}
