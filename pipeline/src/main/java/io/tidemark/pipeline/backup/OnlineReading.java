package io.tidemark.pipeline.backup;

import io.netty.buffer.ByteBuf;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.pipeline.backup.SourceEntry.SourceDirectory;
import io.tidemark.pipeline.backup.SourceEntry.SourceLink;
import io.tidemark.pipeline.catalog.manifest.FilePath;
import io.tidemark.pipeline.catalog.manifest.LinkTarget;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Tablespace;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.postgres.BaseBackupMessage;
import io.tidemark.pipeline.postgres.BaseBackupMessage.TablespaceEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * The messages of one base backup, turned into pieces: archives are cut, the manifest is kept and at last given out as a file of the
 * backup, and what a header needs is remembered. For one thread at a time; the manifest waits in a temporary file.
 */
final class OnlineReading implements AutoCloseable {
    private final OnlineServer server;
    private final ConcurrentLinkedQueue<ChunkSlot> slots;
    private final Clock clock;
    private final ServerManifest manifest;
    private final KeptAside aside = new KeptAside();
    private final List<Tablespace> tablespaces = new ArrayList<>();
    private final Map<String, FilePath> archives = new HashMap<>();
    private final List<String> notices = new ArrayList<>();
    private BaseBackupMessage.@Nullable Begun begun;
    private BaseBackupMessage.@Nullable Ended ended;
    private @Nullable TornPages torn;
    private @Nullable TarPieces archive;
    private boolean mainBegun;
    private BaseBackupMessage.@Nullable Data accepted;
    /** The data that is being cut; guarded by this, for a cancellation frees it from another thread. */
    private @Nullable ByteBuf held;

    private boolean closed;

    OnlineReading(OnlineServer server, ConcurrentLinkedQueue<ChunkSlot> slots, Clock clock, ServerManifest manifest) {
        this.server = server;
        this.slots = slots;
        this.clock = clock;
        this.manifest = manifest;
    }

    /**
     * The pieces that a message gives, made one by one as they are asked for. A message must be used up before the next one comes.
     *
     * @param message given: the reading releases its data, when closed at the latest
     */
    Iterable<Piece> accept(BaseBackupMessage message) {
        if (message instanceof BaseBackupMessage.Data data) {
            return data(data);
        }
        if (message instanceof BaseBackupMessage.Begun start) {
            return begin(start);
        }
        if (message instanceof BaseBackupMessage.ArchiveBegun next) {
            endArchive();
            archive = archive(next.name());
        } else if (message instanceof BaseBackupMessage.ManifestBegun) {
            endArchive();
        } else if (message instanceof BaseBackupMessage.Noticed noticed) {
            notices.add(noticed.notice().severity() + ": " + noticed.notice().message());
        } else if (message instanceof BaseBackupMessage.Ended stop) {
            endArchive();
            ended = stop;
        }
        return List.of();
    }

    /** After the last message: the server's manifest, chunk by chunk. */
    Flux<Piece> manifest() {
        return Flux.<Piece, Boolean>generate(() -> Boolean.FALSE, (begunToRead, sink) -> {
            try {
                if (!begunToRead) {
                    requireWhole();
                    manifest.end();
                }
                manifest.next(server.shape(), clock.instant(), slots).ifPresentOrElse(sink::next, sink::complete);
            } catch (IOException e) {
                sink.error(SourceFailure.ofSpill(e));
            }
            return Boolean.TRUE;
        });
    }

    boolean hasEnded() {
        return ended != null;
    }

    BaseBackupMessage.Begun begun() {
        if (begun == null) {
            throw new IntegrityFailed("the server sent no start of the backup");
        }
        return begun;
    }

    BaseBackupMessage.Ended ended() {
        if (ended == null) {
            throw new IntegrityFailed("the server sent no end of the backup");
        }
        return ended;
    }

    /** The segments without which the backup cannot be restored. @throws PostgresFailed where the server changed its timeline */
    WalArrival.Span wal() {
        TimelineId timeline = begun().timeline();
        if (!timeline.equals(ended().timeline())) {
            throw new PostgresFailed(
                    server.where() + " went from timeline " + timeline.number() + " to "
                            + ended().timeline().number() + " during the backup: nothing was published",
                    "start the backup again");
        }
        WalSegmentName last = WalSegmentName.of(timeline, ended().stop(), server.segmentSize());
        boolean endsBefore = last.start(server.segmentSize()).equals(ended().stop());
        return new WalArrival.Span(
                WalSegmentName.of(timeline, begun().start(), server.segmentSize()),
                endsBefore ? last.previous(server.segmentSize()) : last);
    }

    TornPages torn() {
        if (torn == null) {
            throw new IllegalStateException("pages before the start of the backup");
        }
        return torn;
    }

    KeptAside aside() {
        return aside;
    }

    /** Those that are links, in the order of their oids. */
    List<Tablespace> tablespaces() {
        return List.copyOf(tablespaces);
    }

    /** What the server warned of. */
    List<String> notices() {
        return List.copyOf(notices);
    }

    /** A message that an operator throws away; what was accepted is the reading's own already. */
    void discard(BaseBackupMessage.Data data) {
        if (data != accepted) {
            data.data().release();
        }
    }

    /** From any thread, at any moment: after it nothing more is cut. */
    @Override
    public synchronized void close() {
        closed = true;
        release();
    }

    private synchronized void release() {
        ByteBuf last = held;
        held = null;
        if (last != null) {
            last.release();
        }
    }

    private List<Piece> begin(BaseBackupMessage.Begun start) {
        if (begun != null) {
            throw new IntegrityFailed("the server began the backup twice");
        }
        begun = start;
        torn = new TornPages(start.start());
        List<Piece> links = new ArrayList<>();
        for (TablespaceEntry entry : start.tablespaces()) {
            if (entry.oid() != null) {
                links.add(tablespace(entry.oid(), entry.location() == null ? "" : entry.location()));
            }
        }
        tablespaces.sort((one, other) -> Long.compare(one.oid(), other.oid()));
        return links;
    }

    /** PostgreSQL sends no links where tablespace_map stands for them; a relative location is an in-place tablespace's own. */
    private Piece tablespace(long oid, String location) {
        FilePath path = KeptAside.TABLESPACES.child(Long.toString(oid));
        if (archives.put(oid + ".tar", path) != null) {
            throw new IntegrityFailed("the server names tablespace " + oid + " twice");
        }
        FileStat directory = FileStat.ofServer(
                TarEntry.Kind.DIRECTORY, server.directoryMode().bits(), 0, clock.instant());
        if (!location.startsWith("/")) {
            return new Piece.Bare(new SourceDirectory(path, directory), Evidence.Sent.NOTHING);
        }
        LinkTarget target = LinkTarget.ofBytes(location.getBytes(StandardCharsets.UTF_8));
        tablespaces.add(new Tablespace(oid, target, server.inside(location), server.directoryMode()));
        FileStat link = FileStat.ofServer(TarEntry.Kind.LINK, 0, 0, clock.instant());
        return new Piece.Bare(new SourceLink(path, link, target), Evidence.Sent.NOTHING);
    }

    private TarPieces archive(String name) {
        FilePath prefix = archives.remove(name);
        boolean main = name.equals("base.tar") && !mainBegun;
        if (prefix == null && !main) {
            throw new IntegrityFailed("the server sends an archive that it has not announced: '" + name + "'");
        }
        mainBegun |= main;
        return new TarPieces(name + " of " + server.where(), prefix, server.shape(), torn(), aside, slots);
    }

    private void endArchive() {
        TarPieces last = archive;
        archive = null;
        if (last != null) {
            last.requireEnd();
        }
    }

    private void requireWhole() {
        ended();
        if (!mainBegun || !archives.isEmpty()) {
            throw new IntegrityFailed("the server did not send " + (mainBegun ? archives.keySet() : "base.tar"));
        }
    }

    private synchronized Iterable<Piece> data(BaseBackupMessage.Data data) {
        accepted = data;
        held = data.data();
        if (closed) {
            release();
            return List.of();
        }
        TarPieces into = archive;
        if (into == null) {
            try {
                manifest.add(data.data().nioBuffer());
            } catch (IOException e) {
                throw SourceFailure.ofSpill(e);
            } finally {
                release();
            }
            return List.of();
        }
        ByteBuffer bytes = data.data().nioBuffer();
        return () -> new Pieces(into, bytes);
    }

    /** The next piece in the data that is held; releases it at its end. */
    private synchronized Optional<Piece> cut(TarPieces from, ByteBuffer bytes) {
        if (held == null) {
            return Optional.empty();
        }
        Optional<Piece> next = from.next(bytes);
        if (next.isEmpty()) {
            release();
        }
        return next;
    }

    /** Parses as it is asked: many small files in one message must not all take a slot at once. */
    private final class Pieces implements Iterator<Piece> {
        private final TarPieces from;
        private final ByteBuffer bytes;
        private @Nullable Piece next;

        Pieces(TarPieces from, ByteBuffer bytes) {
            this.from = from;
            this.bytes = bytes;
        }

        @Override
        public boolean hasNext() {
            if (next == null) {
                next = cut(from, bytes).orElse(null);
            }
            return next != null;
        }

        @Override
        public Piece next() {
            Piece piece = hasNext() ? next : null;
            if (piece == null) {
                throw new NoSuchElementException();
            }
            next = null;
            return piece;
        }
    }
}
