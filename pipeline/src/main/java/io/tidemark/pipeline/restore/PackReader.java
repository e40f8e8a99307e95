package io.tidemark.pipeline.restore;

import io.netty.buffer.ByteBuf;
import io.tidemark.crypto.seal.SealGeometry;
import io.tidemark.crypto.seal.SealHeader;
import io.tidemark.pipeline.catalog.SealedObjects;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.sinks.ByteRange;
import io.tidemark.sinks.ObjectName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Ranges of packs. A small one is cut out of a window of a few sealed segments, and the last windows are kept: the chunks of small files
 * lie side by side in the order of the files, and unsealing 64 KiB for each of them anew took most of a restore's time (measured
 * 2026-11-27: 967 files of a fresh cluster, 200 MiB unsealed for 4 MiB of packs). Usable from any thread.
 */
final class PackReader {
    private static final int SEGMENTS_IN_WINDOW = 4;
    /** 32 windows of 256 KiB: 8 MiB. */
    private static final int WINDOWS = 32;
    /** A range of this length or more is read by itself. */
    private static final int LARGE_BYTES = 128 << 10;

    /** Of 40 bytes each. */
    private static final int HEADERS = 4096;

    private final SealedObjects objects;
    private final ReadingTurns turns;
    // guarded by itself; the oldest use first
    private final Map<ObjectName, Mono<SealHeader>> headers = new LinkedHashMap<>(64, 0.75f, /* accessOrder= */ true);
    // guarded by itself; the oldest use first
    private final Map<Key, Mono<byte[]>> windows = new LinkedHashMap<>(WINDOWS * 2, 0.75f, /* accessOrder= */ true);

    private record Key(ObjectName pack, long window) {}

    /** @param turns that each request but that of a header takes */
    PackReader(SealedObjects objects, ReadingTurns turns) {
        this.objects = objects;
        this.turns = turns;
    }

    /**
     * The same for what is to be used at once: a large range is held no longer than its turn.
     *
     * @param use must not read
     */
    Mono<Void> during(ObjectName pack, ByteRange range, long sealedLength, Function<byte[], Mono<Void>> use) {
        if (range.length() < LARGE_BYTES) {
            return read(pack, range, sealedLength).flatMap(use);
        }
        return turns.during(() -> collected(pack, range, sealedLength).flatMap(use));
    }

    /**
     * Exactly the bytes of a range of a pack's content, for the receiver to keep but, being shared, not to change. Errors:
     * {@link IntegrityFailed} and the store's.
     *
     * @param sealedLength of the pack
     */
    Mono<byte[]> read(ObjectName pack, ByteRange range, long sealedLength) {
        if (range.length() >= LARGE_BYTES || !isWithin(range, sealedLength)) {
            return direct(pack, range, sealedLength);
        }
        long first = SealGeometry.segmentOf(range.offset()) / SEGMENTS_IN_WINDOW;
        long last = SealGeometry.segmentOf(range.end() - 1) / SEGMENTS_IN_WINDOW;
        if (first == last) {
            return window(pack, first, sealedLength).map(bytes -> cut(bytes, first, range));
        }
        return window(pack, first, sealedLength)
                .flatMap(
                        left -> window(pack, last, sealedLength).map(right -> joined(left, first, right, last, range)));
    }

    private static boolean isWithin(ByteRange range, long sealedLength) {
        return range.length() > 0
                && SealGeometry.isPossible(sealedLength)
                && range.end() <= SealGeometry.plainLength(sealedLength);
    }

    private static byte[] cut(byte[] window, long number, ByteRange range) {
        byte[] bytes = new byte[Math.toIntExact(range.length())];
        System.arraycopy(window, Math.toIntExact(range.offset() - start(number)), bytes, 0, bytes.length);
        return bytes;
    }

    // a small range is shorter than a window, so it lies in two at most
    private static byte[] joined(byte[] left, long first, byte[] right, long last, ByteRange range) {
        byte[] bytes = new byte[Math.toIntExact(range.length())];
        int inLeft = Math.toIntExact(start(last) - range.offset());
        System.arraycopy(left, Math.toIntExact(range.offset() - start(first)), bytes, 0, inLeft);
        System.arraycopy(right, 0, bytes, inLeft, bytes.length - inLeft);
        return bytes;
    }

    private static long start(long window) {
        return SealGeometry.plainOffsetOfSegment(window * SEGMENTS_IN_WINDOW);
    }

    private Mono<byte[]> window(ObjectName pack, long number, long sealedLength) {
        return Mono.defer(() -> {
            synchronized (windows) {
                Key key = new Key(pack, number);
                Mono<byte[]> window = windows.computeIfAbsent(key, missing -> fetched(missing, sealedLength));
                if (windows.size() > WINDOWS) {
                    windows.remove(windows.keySet().iterator().next());
                }
                return window;
            }
        });
    }

    private Mono<byte[]> fetched(Key key, long sealedLength) {
        long end = Math.min(start(key.window() + 1), SealGeometry.plainLength(sealedLength));
        return direct(key.pack(), ByteRange.of(start(key.window()), end - start(key.window())), sealedLength)
                .doOnError(e -> forget(key))
                .cache();
    }

    /** Once for each pack: a range without it could not be opened, and would wait for two answers in a row. */
    private Mono<SealHeader> header(ObjectName pack) {
        return Mono.defer(() -> {
            synchronized (headers) {
                Mono<SealHeader> header = headers.computeIfAbsent(
                        pack,
                        missing -> objects.opening(missing)
                                .doOnError(e -> forgetHeader(missing))
                                .cache());
                if (headers.size() > HEADERS) {
                    headers.remove(headers.keySet().iterator().next());
                }
                return header;
            }
        });
    }

    private void forgetHeader(ObjectName pack) {
        synchronized (headers) {
            headers.remove(pack);
        }
    }

    private void forget(Key key) {
        synchronized (windows) {
            windows.remove(key);
        }
    }

    private Mono<byte[]> direct(ObjectName pack, ByteRange range, long sealedLength) {
        return turns.during(() -> collected(pack, range, sealedLength));
    }

    private Mono<byte[]> collected(ObjectName pack, ByteRange range, long sealedLength) {
        if (!isWithin(range, sealedLength)) {
            return Mono.error(
                    new IntegrityFailed(pack + " of " + sealedLength + " bytes cannot hold " + range + " of content"));
        }
        Flux<ByteBuf> content = header(pack).flatMapMany(header -> objects.content(pack, header, range, sealedLength));
        return content.collect(() -> new Collected(pack, range), Collected::add).map(Collected::bytes);
    }

    /** The bytes of a range as they come. One thread at a time. */
    private static final class Collected {
        private final ObjectName pack;
        private final ByteRange range;
        private final byte[] bytes;
        private int length;

        Collected(ObjectName pack, ByteRange range) {
            this.pack = pack;
            this.range = range;
            this.bytes = new byte[Math.toIntExact(range.length())];
        }

        void add(ByteBuf given) {
            try {
                int more = given.readableBytes();
                if (more > bytes.length - length) {
                    throw new IntegrityFailed(pack + " gave more than its " + range);
                }
                given.readBytes(bytes, length, more);
                length += more;
            } finally {
                given.release();
            }
        }

        byte[] bytes() {
            if (length != bytes.length) {
                throw new IntegrityFailed(pack + " gave only " + length + " bytes of its " + range);
            }
            return bytes;
        }
    }
}
