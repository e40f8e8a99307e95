package io.tidemark.pipeline.catalog;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import io.tidemark.crypto.AuthenticationFailed;
import io.tidemark.crypto.keyset.SealingKeyset;
import io.tidemark.crypto.seal.SealContext;
import io.tidemark.crypto.seal.SealGeometry;
import io.tidemark.crypto.seal.SealHeader;
import io.tidemark.crypto.seal.Sealer;
import io.tidemark.crypto.seal.SealingKey;
import io.tidemark.pipeline.config.ForeignObject;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.StoreFailed;
import io.tidemark.pipeline.stage.ContentDigest;
import io.tidemark.pipeline.stage.DigestStage;
import io.tidemark.pipeline.stage.Expand;
import io.tidemark.pipeline.stage.FactsFrame;
import io.tidemark.pipeline.stage.SealStage;
import io.tidemark.pipeline.stage.UnsealRange;
import io.tidemark.pipeline.stage.UnsealStage;
import io.tidemark.pipeline.stage.WitnessStage;
import io.tidemark.sinks.ByteRange;
import io.tidemark.sinks.ObjectMissing;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.StoredObject;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The sealed objects of one repository: put, whole files, ranges, facts (FORMAT.md, sections 2 and 3). Where an object
 * opens under no known key, {@code keys/} is read again, once a call, before it counts as foreign.
 *
 * <p>Errors, besides the store's own: {@link ForeignObject}, {@link IntegrityFailed}. All that is returned is cold;
 * elements are given, in order, read on demand. No buffer holds more than a sealed segment or a Zstandard frame.
 */
public final class SealedObjects {
    /** Enough for the footer and, nearly always, for all facts: one range read tells them. */
    private static final int TAIL_BYTES = SealGeometry.PLAINTEXT;

    private final ObjectStore store;
    private final String cluster;
    private final Keyring keys;
    private final Scheduler cpu;

    /**
     * @param cluster the cluster's uuid
     * @param keys lent: whoever opened the repository closes them
     */
    public SealedObjects(ObjectStore store, String cluster, Keyring keys, Scheduler cpu) {
        this.store = store;
        this.cluster = cluster;
        this.keys = keys;
        this.cpu = cpu;
    }

    ObjectStore store() {
        return store;
    }

    /**
     * Seals and stores the body, unless the name is taken. Each attempt seals anew.
     *
     * @return what became of it, after it is durable. Fails with the store's errors and the body's
     */
    public Mono<PutReceipt> put(ObjectName name, SealedBody body) {
        return Mono.defer(() -> new SealedPut(this, name, body, () -> seal(name)).run());
    }

    private SealStage seal(ObjectName name) {
        return new SealStage(new Sealer(keys.sealing(), context(name)), cpu);
    }

    /** The names that begin with a prefix, in the order of their bytes; nothing is opened. */
    public Flux<ObjectName> names(String prefix) {
        return store.list(prefix).map(StoredObject::name);
    }

    /** The file in the object, whatever its size and facts. */
    public Flux<ByteBuf> file(ObjectName name) {
        return file(name, Long.MAX_VALUE, anyFacts -> {});
    }

    /**
     * The file in the object: unsealed, expanded, and before completion compared in size and SHA-256 with its facts.
     * Bytes given out before an error are authentic, but not all: use them only after completion.
     *
     * @param limitBytes the most that the file may have; more is refused before memory is taken
     * @param accept sees the facts before completion and may throw
     */
    public Flux<ByteBuf> file(ObjectName name, long limitBytes, Consumer<Facts> accept) {
        return withKeys(known -> read(name, limitBytes, accept, known));
    }

    /**
     * A file that is small, whole, on the heap, for the caller to keep; emitted only when all of it was found sound.
     *
     * @param maxBytes more is refused before memory is taken
     * @param accept sees the facts before completion and may throw
     */
    public Mono<ByteBuffer> smallFile(ObjectName name, int maxBytes, Consumer<Facts> accept) {
        return file(name, maxBytes, accept)
                .collect(ByteArrayOutputStream::new, SealedObjects::append)
                .map(all -> ByteBuffer.wrap(all.toByteArray()));
    }

    private static void append(ByteArrayOutputStream all, ByteBuf given) {
        try {
            byte[] bytes = new byte[given.readableBytes()];
            given.readBytes(bytes);
            all.writeBytes(bytes);
        } finally {
            given.release();
        }
    }

    private Flux<ByteBuf> read(ObjectName name, long limitBytes, Consumer<Facts> accept, List<SealingKey> known) {
        Expand expand = new Expand(name.value(), limitBytes, cpu);
        DigestStage digest = new DigestStage();
        return store.get(name)
                .transform(new UnsealStage(known, context(name), cpu)::apply)
                .transform(expand::apply)
                .transform(digest::apply)
                .concatWith(Mono.zip(expand.facts(), digest.digest())
                        .doOnNext(both -> accept.accept(compared(name, both.getT1(), both.getT2())))
                        .then(Mono.empty()));
    }

    private static Facts compared(ObjectName name, String json, ContentDigest found) {
        Facts facts = Facts.parse(name.value(), json);
        if (!facts.digest().equals(found)) {
            throw new IntegrityFailed(name + " holds " + found.sizeBytes() + " bytes with sha256 " + found.sha256()
                    + ", but its facts say " + facts.size() + " bytes with " + facts.sha256());
        }
        return facts;
    }

    /** Reads the whole object and gives its facts when everything in it was found sound. */
    public Mono<Facts> verified(ObjectName name) {
        return Mono.defer(() -> {
            AtomicReference<Facts> found = new AtomicReference<>();
            return file(name, Long.MAX_VALUE, found::set)
                    .doOnNext(ByteBuf::release)
                    .then(Mono.fromSupplier(found::get));
        });
    }

    /**
     * The object as it lies there, sealed, for a copy elsewhere; fails before completion with whatever {@link #verified} would
     * have found, so that nothing may be kept of it then.
     *
     * @param known tried in this order; {@code keys/} is not read again
     */
    Flux<ByteBuf> witnessed(ObjectName name, List<SealingKey> known) {
        return Flux.defer(() -> {
            Expand expand = new Expand(name.value(), Long.MAX_VALUE, cpu);
            DigestStage digest = new DigestStage();
            UnsealStage unseal = new UnsealStage(known, context(name), cpu);
            return store.get(name)
                    .transform(new WitnessStage(unseal, expand, digest, cpu)::apply)
                    .concatWith(Mono.zip(expand.facts(), digest.digest())
                            .doOnNext(both -> compared(name, both.getT1(), both.getT2()))
                            .then(Mono.empty()));
        });
    }

    /**
     * A range of the content (not of the file): what packs and manifests are read by.
     *
     * @param plain bytes of the content; may be empty
     * @param sealedLength of the object, as the manifest says
     */
    public Flux<ByteBuf> content(ObjectName name, ByteRange plain, long sealedLength) {
        if (plain.length() == 0) {
            return Flux.empty();
        }
        return Flux.defer(() -> {
            if (!SealGeometry.isPossible(sealedLength) || plain.end() > SealGeometry.plainLength(sealedLength)) {
                return Flux.error(new IntegrityFailed(
                        name + " of " + sealedLength + " bytes cannot hold " + plain + " of content"));
            }
            return opening(name).flatMapMany(header -> content(name, header, plain, sealedLength));
        });
    }

    /** What ranges of an object are opened with, for who reads several: it is asked for once then. */
    public Mono<SealHeader> opening(ObjectName name) {
        return header(name).onErrorMap(AuthenticationFailed.class, e -> noSealedObject(name, e));
    }

    /**
     * The same range with one request.
     *
     * @param header of this object
     * @param plain bytes of the content, which an object of this length has; not empty
     */
    public Flux<ByteBuf> content(ObjectName name, SealHeader header, ByteRange plain, long sealedLength) {
        return withKeys(known -> range(name, plain, sealedLength, header, known));
    }

    private Flux<ByteBuf> range(
            ObjectName name, ByteRange plain, long sealedLength, SealHeader header, List<SealingKey> known) {
        return store.get(name, UnsealRange.sealedRange(plain, sealedLength))
                .transform(new UnsealRange(known, context(name), header, plain, sealedLength, cpu)::apply);
    }

    private static ForeignObject noSealedObject(ObjectName name, AuthenticationFailed why) {
        return new ForeignObject(name + " is no sealed object: " + why.getMessage(), why);
    }

    /**
     * The facts alone, by the object's end: authentic, and the end is the end, but the file was not read.
     *
     * @return fails with {@link ObjectMissing} where there is no object
     */
    public Mono<Facts> facts(ObjectName name) {
        return store.stat(name)
                .switchIfEmpty(Mono.error(() -> new ObjectMissing(name + " is not in " + store.location(), null)))
                .flatMap(object -> factsJson(name, object.sizeBytes()))
                .map(json -> Facts.parse(name.value(), json));
    }

    private Mono<String> factsJson(ObjectName name, long sealedLength) {
        if (!SealGeometry.isPossible(sealedLength)) {
            return Mono.error(
                    new ForeignObject(name + " is no sealed object: none can have " + sealedLength + " bytes", null));
        }
        long content = SealGeometry.plainLength(sealedLength);
        int tail = (int) Math.min(content, TAIL_BYTES);
        int footerAt = tail - FactsFrame.FOOTER_BYTES;
        if (footerAt < 0) {
            return Mono.error(new IntegrityFailed(name + " is too short for facts and footer"));
        }
        return bytes(name, ByteRange.of(content - tail, tail), sealedLength)
                .flatMap(end -> {
                    ByteBuffer footer = end.slice(footerAt, FactsFrame.FOOTER_BYTES);
                    int frame = FactsFrame.HEADER_BYTES + FactsFrame.jsonLength(footer, name.value());
                    if (frame <= footerAt) {
                        return Mono.just(end.slice(footerAt - frame, frame));
                    }
                    long from = content - FactsFrame.FOOTER_BYTES - frame;
                    return from < 0
                            ? Mono.error(new IntegrityFailed(name + " is shorter than its facts"))
                            : bytes(name, ByteRange.of(from, frame), sealedLength);
                })
                .map(frame -> text(name, FactsFrame.json(frame, name.value())));
    }

    private static String text(ObjectName name, ByteBuffer utf8) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
        } catch (CharacterCodingException e) {
            throw new IntegrityFailed(name + " has facts that are no UTF-8", e);
        }
    }

    private Mono<ByteBuffer> bytes(ObjectName name, ByteRange plain, long sealedLength) {
        return collected(content(name, plain, sealedLength), (int) plain.length());
    }

    /** The first 40 bytes; fails with {@link AuthenticationFailed} where they are no header, with the store's errors. */
    Mono<SealHeader> header(ObjectName name) {
        return collected(store.get(name, ByteRange.of(0, SealGeometry.HEADER_BYTES)), SealGeometry.HEADER_BYTES)
                .map(SealHeader::parse);
    }

    /** Exactly so many bytes: both sources promise it. */
    private static Mono<ByteBuffer> collected(Flux<ByteBuf> source, int length) {
        return source.reduceWith(() -> ByteBuffer.allocate(length), (all, buffer) -> {
                    try {
                        return all.put(buffer.nioBuffer());
                    } finally {
                        buffer.release();
                    }
                })
                .doOnDiscard(ByteBuf.class, ReferenceCountUtil::safeRelease)
                .map(ByteBuffer::flip);
    }

    /** A foreign object is seen before the first byte is given out, so asking a second time repeats nothing. */
    private Flux<ByteBuf> withKeys(Function<List<SealingKey>, Flux<ByteBuf>> reading) {
        return Flux.defer(() -> {
            List<SealingKey> known = keys.keyset().newestFirst();
            return reading.apply(known)
                    .onErrorResume(
                            ForeignObject.class,
                            foreign -> refreshed()
                                    .flatMapMany(fresh -> ids(fresh).equals(ids(known))
                                            ? Flux.error(foreign)
                                            : reading.apply(fresh)));
        });
    }

    /** A generation that vanished says nothing about the object that is being read: it must not pass for its absence. */
    private Mono<List<SealingKey>> refreshed() {
        return keys.refresh()
                .map(SealingKeyset::newestFirst)
                .onErrorMap(
                        ObjectMissing.class,
                        e -> new StoreFailed(
                                "a keyset generation of " + store.location() + " vanished while it was being read", e));
    }

    private static List<Long> ids(List<SealingKey> keys) {
        return keys.stream().map(SealingKey::id).toList();
    }

    private SealContext context(ObjectName name) {
        return new SealContext(cluster, name.value());
    }
}
