package io.tidemark.pipeline.care.check.store;

import static io.tidemark.pipeline.keys.Await.one;

import io.netty.buffer.Unpooled;
import io.tidemark.crypto.keyset.RecoveryPrivateKey;
import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.care.init.InitAdmission;
import io.tidemark.pipeline.care.init.InitTarget;
import io.tidemark.pipeline.care.init.Initialise;
import io.tidemark.pipeline.care.keyset.KeyRoot;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.Facts;
import io.tidemark.pipeline.catalog.Node;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.catalog.SealedBody;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.manifest.BackupKind;
import io.tidemark.pipeline.catalog.manifest.BackupOrigin;
import io.tidemark.pipeline.catalog.manifest.ClusterFacts;
import io.tidemark.pipeline.catalog.manifest.FileMode;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import io.tidemark.pipeline.catalog.manifest.ManifestLineWriter;
import io.tidemark.pipeline.catalog.manifest.ManifestWriter;
import io.tidemark.pipeline.catalog.manifest.WalPoint;
import io.tidemark.pipeline.config.RepositoryPlace;
import io.tidemark.pipeline.config.Requirement;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.keys.FileIdentity;
import io.tidemark.pipeline.keys.GenerationMaker;
import io.tidemark.pipeline.keys.GenerationMemory;
import io.tidemark.pipeline.keys.KeysetAccess;
import io.tidemark.pipeline.keys.RecipientChoice;
import io.tidemark.pipeline.keys.RepositoryAccess;
import io.tidemark.pipeline.keys.RootExpectation;
import io.tidemark.pipeline.keys.TestKey;
import io.tidemark.pipeline.keys.provider.KeyReference;
import io.tidemark.pipeline.stage.Compress;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.testing.MemoryStore;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A cluster's repositories in memory, made by init, with what lies in them. */
public final class Fixture {
    /** The memory store's clock begins there. */
    public static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    public static final SecureRandom RANDOM = new SecureRandom();
    public static final SystemIdentifier SYSTEM = SystemIdentifier.parse("7710995161739907408");
    public static final BackupLabel LABEL = new BackupLabel("20261127T020000Z-3f0c9a");

    final TestKey key = new TestKey("box", 1);
    final RecoveryPrivateKey recovery = RecoveryPrivateKey.generate(RANDOM);
    public final MemoryStore store = new MemoryStore("/a/prod");
    final String root;

    /** Who can open the keyset. */
    enum Recipients {
        WITH_RECOVERY_KEY,
        DAILY_KEY_ONLY
    }

    public Fixture() {
        this(Recipients.WITH_RECOVERY_KEY);
    }

    Fixture(Recipients recipients) {
        root = init(recipients, store);
    }

    private String init(Recipients recipients, ObjectStore into) {
        List<RecipientChoice> choices =
                new ArrayList<>(List.of(new RecipientChoice.OfFile(key, KeyReference.ONLY, RANDOM)));
        if (recipients == Recipients.WITH_RECOVERY_KEY) {
            choices.add(new RecipientChoice.OfRecovery("recovery", recovery.publicKey()));
        }
        KeysetAccess access = access(RootExpectation.notConfigured());
        return one(new Initialise(
                                "prod",
                                access,
                                new RepositoryAccess(access, Schedulers.immediate()),
                                new GenerationMaker(choices, CLOCK, Schedulers.immediate()),
                                new InitAdmission(
                                        null, InitAdmission.Mode.REFUSE, CLOCK, "test", Schedulers.immediate()),
                                CLOCK,
                                RANDOM)
                        .run(
                                List.of(new InitTarget("a", Requirement.REQUIRED, Mono.just(into))),
                                recipients == Recipients.WITH_RECOVERY_KEY
                                        ? Initialise.RecoveryKey.REQUIRED
                                        : Initialise.RecoveryKey.WAIVED))
                .root();
    }

    KeysetAccess access(RootExpectation expected) {
        return new KeysetAccess(List.of(new FileIdentity(key)), expected, GenerationMemory.none(), EventLog.silent());
    }

    public KeysetAccess access() {
        return access(RootExpectation.exactly(root));
    }

    CheckedRepository checked() {
        return checked("a", Requirement.REQUIRED, store);
    }

    CheckedRepository checked(String name, Requirement requirement, ObjectStore through) {
        return CheckedRepository.of(
                name,
                requirement,
                new RepositoryPlace.Directory(Path.of(through.location())),
                new KeyRoot(name, requirement, through),
                new RepositoryAccess(access(), Schedulers.immediate()).open(name, requirement, through));
    }

    /** The same repository at another place. */
    public MemoryStore copy(String location) {
        MemoryStore copy = new MemoryStore(location);
        store.names().forEach(name -> copy.plant(name, store.content(name)));
        return copy;
    }

    public void put(ObjectName name, String kind, byte[] content) {
        Repository repository =
                one(new RepositoryAccess(access(), Schedulers.immediate()).open("a", Requirement.REQUIRED, store));
        try (repository) {
            one(repository
                    .objects()
                    .put(
                            name,
                            SealedBody.ofFile(
                                    () -> Flux.defer(() -> Flux.just(Unpooled.wrappedBuffer(content))),
                                    digest -> Facts.of(kind, digest, Instant.EPOCH, "test")
                                            .with("segmentSize", WalSegmentSize.DEFAULT.bytes()),
                                    new Compress(1, Schedulers.immediate()))));
        }
    }

    public void segments(int first, int last) {
        for (int number = first; number <= last; number++) {
            put(ObjectNames.segment(SYSTEM, segment(number)), Facts.WAL, new byte[] {(byte) number});
        }
    }

    public static WalSegmentName segment(int number) {
        return new WalSegmentName(TimelineId.FIRST, 0, number);
    }

    /** A pack, and a manifest that names it; WAL needed from segment 2 to 3. */
    public void backup() {
        put(ObjectNames.pack(SYSTEM, LABEL, 1), "pack", new byte[] {1, 2, 3});
        manifest(
                BackupOrigin.PRIMARY,
                store.content(ObjectNames.pack(SYSTEM, LABEL, 1).value()).length);
    }

    public void manifest(BackupOrigin origin, long packLength) {
        Instant time = Instant.parse("2026-11-27T02:00:00Z");
        ManifestWriter writer = new ManifestWriter();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes(writer.line(new ManifestLine.Header(
                LABEL,
                BackupKind.FULL,
                null,
                new ClusterFacts(SYSTEM, 17, 1700, 202406281, WalSegmentSize.DEFAULT, 8192, 8192, 131072, 1),
                new Node("db1-0a1b2c"),
                origin,
                TimelineId.FIRST,
                Lsn.parse("0/2000028"),
                new WalPoint(Lsn.parse("0/2000028"), time),
                new WalPoint(Lsn.parse("0/3000120"), time),
                origin == BackupOrigin.STOPPED
                        ? null
                        : "START WAL LOCATION: 0/2000028 (file 000000010000000000000002)\n",
                null,
                new FileMode(0700))));
        text.writeBytes(writer.line(new ManifestLine.Pack(1, LABEL, packLength)));
        text.writeBytes(ManifestLineWriter.write(writer.footer()));
        put(ObjectNames.manifest(SYSTEM, LABEL), "manifest", text.toByteArray());
    }
}
