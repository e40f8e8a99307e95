package io.tidemark.pipeline.backup;

import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.pipeline.catalog.Node;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.config.DeadlinePassed;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.postgres.BaseBackupCommand;
import io.tidemark.pipeline.postgres.BaseBackupCommand.CheckpointMode;
import io.tidemark.pipeline.postgres.BaseBackupCommand.ManifestChecksums;
import io.tidemark.pipeline.postgres.BaseBackupMessage;
import io.tidemark.pipeline.postgres.BaseBackupMessage.TablespaceEntry;
import io.tidemark.pipeline.postgres.ConnectionSettings;
import io.tidemark.pipeline.postgres.PostgresClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The full backup of a running server, over its replication protocol: an intent, packs as the archives stream in, the wait for the
 * backup's own WAL, and, after all of it, the manifest, which makes it a backup (invariant 7).
 */
public final class OnlineBackup {
    /** data_corrupted: the server's own verification of page checksums found what ours finds. */
    private static final String CHECKSUMS_FAILED = "XX001";

    /** Of 32 KiB each, read from the socket while the one before is cut. */
    private static final int MESSAGES_AHEAD = 8;

    /**
     * What is asked of the server.
     *
     * @param checkpoint at once, or spread over the time that the server has for one
     * @param maxRateKiB KiB a second that the server sends at most, 32 to 1 048 576; null for no limit
     * @param archiveTimeout how long none of the backup's WAL may arrive in a repository before the backup gives up
     * @param timeline that the server must be on, and may be though the repositories hold a later one; null to let them decide
     */
    public record Request(
            CheckpointMode checkpoint,
            @Nullable Integer maxRateKiB,
            Duration archiveTimeout,
            @Nullable TimelineId timeline) {}

    /** @param databaseBytes about what the databases take that the role may connect to */
    public record Plan(OnlineServer server, long databaseBytes) {}

    private final BackupParts parts;
    private final Function<OnlineServer, Node> node;
    private final Mono<ServerSession> server;
    private final Request online;

    /** @param node names the server's data directory; may block */
    public OnlineBackup(
            BackupParts parts,
            Function<OnlineServer, Node> node,
            PostgresClient client,
            ConnectionSettings connection,
            Request online) {
        this(parts, node, ConnectedSession.open(client, connection), online);
    }

    /** @param server connects, at each subscription */
    OnlineBackup(BackupParts parts, Function<OnlineServer, Node> node, Mono<ServerSession> server, Request online) {
        this.parts = parts;
        this.node = node;
        this.server = server;
        this.online = online;
    }

    /** Looks at the server and says what a backup would take; nothing is written, on neither side. */
    public Mono<Plan> plan() {
        return Mono.usingWhen(
                server,
                session -> Mono.fromSupplier(() -> admitted(session.server()))
                        .flatMap(admitted -> session.databaseBytes().map(bytes -> new Plan(admitted, bytes))),
                ServerSession::close);
    }

    /**
     * Backs the server up.
     *
     * @param admit decides, before anything is written, whether the repositories may hold this system's backups
     * @return the backup, after it and its WAL are durable in every required repository. Fails with {@code PostgresFailed} (lost
     *     connection, missing privilege, promotion), {@code IntegrityFailed} (what arrived is not what the server's manifest says), {@code
     *     DeadlinePassed} (WAL does not arrive), {@code NotInThisVersion} for pg_tde, and the errors of the repositories; then there is no
     *     manifest, and packs are left to {@code repair}. Cancel ends it in the same way, on the server too
     */
    public Mono<BackupResult> run(Function<SystemIdentifier, Mono<Void>> admit) {
        return Mono.defer(() -> {
            Instant began = parts.clock().instant();
            return Mono.usingWhen(
                    server,
                    session -> admit.apply(admitted(session.server()).system())
                            .then(Mono.fromCallable(() -> node.apply(session.server()))
                                    .subscribeOn(parts.files()))
                            .flatMap(name -> taken(session, name, began)),
                    ServerSession::close);
        });
    }

    private static OnlineServer admitted(OnlineServer server) {
        server.neverArchives().ifPresent(why -> {
            throw new RefusedForSafety(
                    server.where() + " archives nothing (" + why + "): a backup without its WAL cannot be restored",
                    "set archive_mode and archive_command (tidemark check says how) and restart the server");
        });
        return server;
    }

    private Mono<BackupResult> taken(ServerSession session, Node name, Instant began) {
        return Mono.usingWhen(
                Mono.fromCallable(() -> begin(session.server())),
                taking -> taking.stored(session, name, began),
                parts::ended);
    }

    private Taking begin(OnlineServer server) {
        BackupRun run = parts.begin(parts.newLabel(), server.shape().blockSize());
        ServerManifest manifest = new ServerManifest(parts.settings(), parts.random());
        return new Taking(run, manifest, new OnlineReading(server, run.slots(), parts.clock(), manifest));
    }

    /** One backup under way. */
    private final class Taking implements AutoCloseable {
        private final BackupRun run;
        private final ServerManifest manifest;
        private final OnlineReading reading;
        // written by whichever thread the server is read on, and read after it has ended
        private volatile boolean ended;
        private volatile boolean checksumsFailed;

        Taking(BackupRun run, ServerManifest manifest, OnlineReading reading) {
            this.run = run;
            this.manifest = manifest;
            this.reading = reading;
        }

        Mono<BackupResult> stored(ServerSession session, Node name, Instant began) {
            OnlineServer server = session.server();
            TargetSet set = parts.targetSet();
            BackupFlow flow = parts.flow(run, server.system(), name, set);
            ServerTimeline timeline = new ServerTimeline(session, name, parts.settings(), parts.clock(), parts.cpu());
            return timeline.requireCurrent(set, online.timeline())
                    .then(Mono.defer(() -> timeline.putHistory(set)))
                    .then(Mono.defer(session::now))
                    .flatMap(startTime -> flow.store(pieces(session))
                            .then(Mono.defer(session::now))
                            .map(stopTime -> OnlineHeader.of(server, run.label(), name, reading, startTime, stopTime)))
                    .flatMap(header -> arrived(session, set, flow)
                            .then(Mono.defer(() -> flow.publish(new OnlineClosing(header, reading, manifest))))
                            .map(made -> BackupResult.of(
                                    run,
                                    header,
                                    made.footer(),
                                    warnings(server),
                                    set,
                                    Duration.between(began, parts.clock().instant()))))
                    .doOnNext(this::requireFoundHereToo);
        }

        private Flux<Piece> pieces(ServerSession session) {
            BaseBackupCommand command = new BaseBackupCommand(
                    "tidemark " + run.label(),
                    online.checkpoint(),
                    online.maxRateKiB(),
                    ManifestChecksums.CRC32C,
                    session.server().verification());
            return session.baseBackup(command)
                    .doOnSubscribe(subscription -> tellCheckpoint())
                    .doOnNext(this::told)
                    .onErrorResume(this::isFoundHereToo, e -> Flux.empty())
                    .publishOn(parts.files(), MESSAGES_AHEAD)
                    .concatMapIterable(reading::accept, 1)
                    .concatWith(Flux.defer(reading::manifest))
                    // who asks for the next piece may be a thread that must not wait for the temporary file
                    .subscribeOn(parts.files())
                    .doOnDiscard(BaseBackupMessage.Data.class, reading::discard);
        }

        private void tellCheckpoint() {
            parts.events()
                    .report(Event.of(BackupEvent.WAITING_FOR_CHECKPOINT)
                            .with("mode", online.checkpoint() == CheckpointMode.FAST ? "fast" : "spread"));
        }

        private void told(BaseBackupMessage message) {
            if (message instanceof BaseBackupMessage.Begun begun) {
                long kib = 0;
                for (TablespaceEntry tablespace : begun.tablespaces()) {
                    kib += tablespace.sizeKiB() == null ? 0 : tablespace.sizeKiB();
                }
                parts.progress().expect(kib << 10);
            } else if (message instanceof BaseBackupMessage.Noticed noticed) {
                parts.events()
                        .report(Event.of(BackupEvent.SERVER_SAID)
                                .with("what", noticed.notice().message()));
            } else if (message instanceof BaseBackupMessage.Ended) {
                ended = true;
            }
        }

        /** The server ends a backup with this error when all of it has been sent: a damaged copy may be the last one. */
        private boolean isFoundHereToo(Throwable error) {
            checksumsFailed = ended
                    && error instanceof PostgresFailed failed
                    && failed.sqlState().filter(CHECKSUMS_FAILED::equals).isPresent();
            return checksumsFailed;
        }

        private void requireFoundHereToo(BackupResult result) {
            if (checksumsFailed && result.footer().badBlocks() == 0) {
                throw new IntegrityFailed(
                        "backup " + run.label() + " is stored, but the server says that page checksums failed, and here"
                                + " none did",
                        "look into the server's log for the parts.files(), and take another backup");
            }
        }

        /** Waits for the WAL from start to stop; repositories that are optional and do not get it are left out. */
        private Mono<Void> arrived(ServerSession session, TargetSet set, BackupFlow flow) {
            OnlineServer server = session.server();
            WalArrival arrival = new WalArrival(
                    server.system(),
                    server.segmentSize(),
                    online.archiveTimeout(),
                    parts.clock(),
                    parts.cpu(),
                    parts.events());
            return arrival.await(set.remaining(), reading.wal(), session::archiver, flow.keepIntent())
                    .doOnNext(late -> late.forEach(
                            target -> set.drop(target, new DeadlinePassed("the backup's WAL did not arrive in time"))))
                    .then();
        }

        private List<String> warnings(OnlineServer server) {
            List<String> warnings = new ArrayList<>(server.notIncluded());
            warnings.addAll(reading.notices());
            return warnings.subList(0, Math.min(warnings.size(), BackupPlan.MAX_WARNINGS));
        }

        @Override
        public void close() throws IOException {
            reading.close();
            manifest.close();
            run.close();
        }
    }
}
