package io.tidemark.pipeline.care.check.store;

import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Mode;
import io.tidemark.pipeline.care.check.probe.Probe;
import io.tidemark.pipeline.catalog.Facts;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.PutReceipt;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.catalog.SealedBody;
import io.tidemark.pipeline.config.FailureKind;
import io.tidemark.pipeline.config.RepositoryPlace;
import io.tidemark.pipeline.stage.Compress;
import io.tidemark.sinks.ConditionTrial;
import io.tidemark.sinks.ObjectBody;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.PutOutcome;
import io.tidemark.sinks.StoreException;
import io.tidemark.sinks.StoreUnsuitable;
import io.tidemark.sinks.StoredObject;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * What archiving needs of a store, tried: several writers put one name at once; an object is put, put again under the same name with other content (which the
 * store has to refuse), read back, listed and deleted. It lies under {@code index/check/}, whose objects may be deleted at
 * any time, and is sealed as every object is. And the store's clock, by the time that it gives the object.
 */
public final class StoreProbe implements Probe.Independent {
    private static final String PLACE = "check/";
    private static final String PREFIX = "index/" + PLACE;
    private static final int CONTENT_BYTES = 100_000; // two sealed segments
    /** What a check that was killed has left. */
    private static final Duration OLD = Duration.ofDays(1);

    private static final Duration SKEW = Duration.ofSeconds(30);

    private final CheckedRepository checked;
    private final Mode mode;
    private final String tool;
    private final Clock clock;
    private final SecureRandom random;
    private final Scheduler cpu;

    /** @param tool what writes the object, for its facts */
    public StoreProbe(
            CheckedRepository checked, Mode mode, String tool, Clock clock, SecureRandom random, Scheduler cpu) {
        this.checked = checked;
        this.mode = mode;
        this.tool = tool;
        this.clock = clock;
        this.random = random;
        this.cpu = cpu;
    }

    @Override
    public String name() {
        return "store";
    }

    @Override
    public Flux<Finding> findings() {
        return switch (mode) {
            case DRY_RUN ->
                Flux.just(Finding.skipped(
                        name(), checked + ": would put, put again, read, list and delete an object under " + PREFIX));
            case TRY -> checked.findings(name(), this::tried).concatWith(writers());
        };
    }

    /** What a store without conditional writes asks of the operator. */
    private Flux<Finding> writers() {
        return checked.place() instanceof RepositoryPlace.Bucket bucket && bucket.singleWriter() != null
                ? Flux.just(Finding.warning(
                        name(),
                        checked + " does not keep writers from replacing each other's objects; only node "
                                + bucket.singleWriter() + " may write (s3.single-writer)",
                        "a store with conditional writes protects against a second server and a second process"))
                : Flux.empty();
    }

    /** Several writers of one name at once (trap T100), where the store is to decide between them. */
    private Flux<Finding> raced(Repository repository) {
        return checked.place() instanceof RepositoryPlace.Bucket bucket && bucket.singleWriter() != null
                ? Flux.empty()
                : new ConditionTrial(repository.store())
                        .run(ObjectNames.index(PLACE + hex(16)))
                        .thenMany(Flux.<Finding>empty())
                        .onErrorResume(StoreUnsuitable.class, overwrites -> Flux.just(wrong(Finding.text(overwrites))));
    }

    private Flux<Finding> tried(Repository repository) {
        return raced(repository).switchIfEmpty(Flux.defer(() -> alone(repository)));
    }

    private Flux<Finding> alone(Repository repository) {
        ObjectName name = ObjectNames.index(PLACE + hex(16));
        byte[] content = new byte[CONTENT_BYTES];
        random.nextBytes(content);
        return Flux.usingWhen(
                Mono.just(name), made -> put(repository, made, content), made -> cleaned(repository, made));
    }

    private Flux<Finding> put(Repository repository, ObjectName name, byte[] content) {
        Instant before = clock.instant();
        return repository
                .objects()
                .put(name, body(content))
                .flatMapMany(receipt -> receipt instanceof PutReceipt.Stored stored
                        ? stored(repository, stored, before)
                        : Flux.just(wrong("its own put of " + name + " was answered with " + receipt)));
    }

    private Flux<Finding> stored(Repository repository, PutReceipt.Stored stored, Instant before) {
        ObjectName name = stored.name();
        Instant after = clock.instant();
        return repository
                .store()
                .putIfAbsent(name, ObjectBody.of(new byte[] {1}))
                .flatMapMany(again -> again == PutOutcome.CREATED
                        ? Flux.just(wrong("a second put of one name went through: the store overwrites"))
                        : repository
                                .objects()
                                .verified(name)
                                .flatMapMany(facts ->
                                        facts.sha256().equals(stored.facts().sha256())
                                                ? listed(repository, name, before, after)
                                                : Flux.just(wrong("it gives back other content than it was given"))));
    }

    private Flux<Finding> listed(Repository repository, ObjectName name, Instant before, Instant after) {
        return repository
                .store()
                .list(name.value())
                .next()
                .flatMapMany(found -> deleted(repository, name).concatWithValues(clock(found, before, after)))
                .switchIfEmpty(
                        Flux.just(wrong("an object that was just put is not listed: what is missing cannot be known")));
    }

    private Flux<Finding> deleted(Repository repository, ObjectName name) {
        String where = repository.store().location();
        return repository
                .store()
                .delete(name)
                .thenMany(repository.store().stat(name))
                .map(still -> wrong("an object that was just deleted is still there"))
                .switchIfEmpty(Flux.just(Finding.ok(
                        name(),
                        checked + ": put, conditional put, get, list and delete in " + where + "; durable after "
                                + durability(repository))))
                .onErrorResume(
                        StoreException.class,
                        refused -> Flux.just(Finding.warning(
                                name(),
                                checked + ": put, conditional put, get and list work in " + where
                                        + ", delete does not: " + Finding.text(refused),
                                "archiving needs no delete; expire does, with these or other credentials. " + name
                                        + " is left and may be deleted")));
    }

    private static String durability(Repository repository) {
        return switch (repository.store().capabilities().durability()) {
            case PROCESS -> "nothing: it lives in memory";
            case FSYNC -> "fsync";
            case SERVICE -> "the service's answer";
        };
    }

    /** A store signs and expires by its own clock (traps T97, T104). */
    private Finding clock(StoredObject found, Instant before, Instant after) {
        Duration early = Duration.between(found.modified(), before);
        Duration late = Duration.between(after, found.modified());
        Duration off = early.compareTo(late) > 0 ? early : late;
        if (off.compareTo(SKEW) <= 0) {
            return Finding.ok("clock", checked + ": its clock agrees with this host's");
        }
        return Finding.warning(
                "clock",
                checked + ": its clock is " + off.toSeconds() + " s "
                        + (early.compareTo(late) > 0 ? "behind" : "ahead of") + " this host's",
                "synchronise both (chronyc tracking, timedatectl): requests of a skewed client are refused, and times in "
                        + "reports are wrong");
    }

    private Finding wrong(String what) {
        return Finding.failed(
                name(),
                FailureKind.STORE,
                checked + " cannot be a repository: " + what,
                "it must refuse a put of a name that exists, and show an object at once (FORMAT.md sections 7 and 8)");
    }

    private SealedBody body(byte[] content) {
        return SealedBody.ofBytes(
                ByteBuffer.wrap(content),
                digest -> Facts.of("index", digest, clock.instant(), tool),
                new Compress(1, cpu));
    }

    /** Ours, and what other checks have left long ago; that it cannot be deleted stops nothing. */
    private Mono<Void> cleaned(Repository repository, ObjectName name) {
        Instant old = clock.instant().minus(OLD);
        return repository
                .store()
                .delete(name)
                .thenMany(repository.store().list(PREFIX))
                .filter(left -> left.modified().isBefore(old))
                .take(1000)
                .concatMap(left -> repository.store().delete(left.name()))
                .then()
                .onErrorComplete();
    }

    private String hex(int bytes) {
        byte[] id = new byte[bytes];
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }
}
