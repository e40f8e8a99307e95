package io.tidemark.pipeline.catalog;

import io.tidemark.crypto.AuthenticationFailed;
import io.tidemark.crypto.seal.SealHeader;
import io.tidemark.pipeline.config.ForeignObject;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.stage.SealStage;
import io.tidemark.sinks.ObjectBody;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.PutOutcome;
import io.tidemark.sinks.StoreException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * One put of one sealed object: remembers the header of each attempt, because that is how a writer knows its own object
 * after a lost answer or where the name is taken (FORMAT.md, section 2). For one subscription.
 */
final class SealedPut {
    private final SealedObjects objects;
    private final ObjectName name;
    private final SealedBody body;
    private final ObjectBody sealed;
    private final Set<SealHeader> attempts = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Facts> made = new AtomicReference<>();

    SealedPut(SealedObjects objects, ObjectName name, SealedBody body, Supplier<SealStage> seals) {
        this.objects = objects;
        this.name = name;
        this.body = body;
        this.sealed = ObjectBody.of(() -> {
            SealStage seal = seals.get();
            attempts.add(seal.header());
            return body.content(made::set).transform(seal::apply);
        });
    }

    Mono<PutReceipt> run() {
        return put().onErrorResume(SealedPut::mayHaveArrived, this::afterLostAnswer);
    }

    private Mono<PutReceipt> put() {
        return objects.store()
                .putIfAbsent(name, sealed)
                .flatMap(outcome -> outcome == PutOutcome.CREATED ? stored() : whoseIsIt());
    }

    private static boolean mayHaveArrived(Throwable error) {
        return error instanceof StoreException store && store.isTransient();
    }

    /**
     * The object may be there all the same. If it is ours, a second put makes the store say so: what is visible need not
     * be durable, and only the store's answer promises that. Otherwise the failure stands.
     */
    private Mono<PutReceipt> afterLostAnswer(Throwable lost) {
        return isOurs().onErrorMap(unreadable -> lost).flatMap(ours -> ours ? put() : Mono.error(lost));
    }

    private Mono<PutReceipt> whoseIsIt() {
        return isOurs().flatMap(ours -> ours ? stored() : compare());
    }

    private Mono<Boolean> isOurs() {
        return objects.header(name)
                .map(attempts::contains)
                .onErrorReturn(AuthenticationFailed.class, false)
                .onErrorReturn(io.tidemark.sinks.IntegrityFailed.class, false);
    }

    private Mono<PutReceipt> stored() {
        return ourFacts().map(facts -> new PutReceipt.Stored(name, facts));
    }

    /**
     * Reads the other object whole: success lets PostgreSQL recycle the file, so damage in the middle of what is stored
     * must not pass for it.
     */
    private Mono<PutReceipt> compare() {
        return ourFacts()
                .flatMap(ours -> objects.verified(name)
                        .map(theirs -> judge(ours, theirs))
                        .onErrorResume(
                                SealedPut::isNoSoundObject,
                                why -> Mono.just(
                                        new PutReceipt.Foreign(name, ours, String.valueOf(why.getMessage())))));
    }

    private PutReceipt judge(Facts ours, Facts theirs) {
        return theirs.digest().equals(ours.digest())
                ? new PutReceipt.AlreadyStored(name, theirs)
                : new PutReceipt.Conflict(name, ours, theirs);
    }

    private static boolean isNoSoundObject(Throwable error) {
        return error instanceof ForeignObject
                || error instanceof IntegrityFailed
                || error instanceof io.tidemark.sinks.IntegrityFailed;
    }

    /** Known where an attempt read the file to its end; a store that refuses early makes us read it for this. */
    private Mono<Facts> ourFacts() {
        return Mono.defer(() -> {
            Facts known = made.get();
            return known != null ? Mono.just(known) : body.facts();
        });
    }
}
