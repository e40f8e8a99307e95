package io.tidemark.pipeline.catalog;

import io.tidemark.crypto.AuthenticationFailed;
import io.tidemark.pipeline.config.ForeignObject;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.StoreFailed;
import io.tidemark.sinks.ObjectBody;
import io.tidemark.sinks.ObjectMissing;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.PutOutcome;
import io.tidemark.sinks.StoredObject;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * Copies sealed objects from one repository of a cluster into another, as they are: names and cluster bind a seal, not the
 * repository. Each is opened and checked while it is read for the copy, and looked up when it was put.
 */
public final class SealedCopy {
    private final Repository from;
    private final Repository to;
    private final Supplier<Mono<Void>> generations;

    /**
     * @param generations brings the target the source's keyset generations, before anything goes there that was sealed with a
     *     newer one
     */
    public SealedCopy(Repository from, Repository to, Supplier<Mono<Void>> generations) {
        this.from = from;
        this.to = to;
        this.generations = generations;
    }

    /**
     * Copies one object, unless the name is taken.
     *
     * @param listed as the source's listing shows it
     * @return what became of it; fails as the stores do
     */
    public Mono<CopyReceipt> of(StoredObject listed) {
        return Mono.defer(() -> {
            int generation = from.keyring().generation();
            return attempt(listed)
                    .onErrorResume(
                            ForeignObject.class,
                            foreign -> from.keyring()
                                    .refresh()
                                    .flatMap(fresh -> from.keyring().generation() == generation
                                            ? Mono.error(foreign)
                                            : generations.get().then(Mono.defer(() -> attempt(listed)))))
                    .onErrorResume(SealedCopy::isUnfit, why -> Mono.just(unfit(listed, why)));
        });
    }

    private Mono<CopyReceipt> attempt(StoredObject listed) {
        ObjectName name = listed.name();
        ObjectBody body =
                ObjectBody.of(() -> from.objects().witnessed(name, from.keyset().newestFirst()), listed.sizeBytes());
        return to.store()
                .putIfAbsent(name, body)
                .flatMap(outcome -> outcome == PutOutcome.CREATED ? lookedUp(listed) : compared(name));
    }

    /** The answer alone is believed by nobody who has seen a 200 with an error in its body. */
    private Mono<CopyReceipt> lookedUp(StoredObject listed) {
        return to.store()
                .stat(listed.name())
                .filter(found -> found.sizeBytes() == listed.sizeBytes())
                .<CopyReceipt>map(found -> new CopyReceipt.Copied(listed.name(), found.sizeBytes()))
                .switchIfEmpty(Mono.error(() -> new StoreFailed(
                        to + " answered that it stored " + listed.name() + ", and does not have it as it was sent")));
    }

    private Mono<CopyReceipt> compared(ObjectName name) {
        return Mono.zip(from.objects().header(name), to.objects().header(name))
                .map(headers -> headers.getT1().equals(headers.getT2()))
                .onErrorReturn(AuthenticationFailed.class, false)
                .onErrorReturn(io.tidemark.sinks.IntegrityFailed.class, false)
                .flatMap(same -> same ? Mono.just(new CopyReceipt.Present(name)) : comparedWhole(name));
    }

    private Mono<CopyReceipt> comparedWhole(ObjectName name) {
        return from.objects()
                .verified(name)
                .flatMap(ours -> to.objects()
                        .verified(name)
                        .<CopyReceipt>map(theirs -> theirs.digest().equals(ours.digest())
                                ? new CopyReceipt.Present(name)
                                : conflict(name, ours, theirs))
                        .onErrorResume(
                                SealedCopy::isUnfit,
                                why -> Mono.just(new CopyReceipt.Conflict(
                                        name, to + " holds something else there: " + why.getMessage()))));
    }

    private CopyReceipt conflict(ObjectName name, Facts ours, Facts theirs) {
        return new CopyReceipt.Conflict(
                name, "sha256 " + ours.sha256() + " in " + from + ", " + theirs.sha256() + " in " + to);
    }

    private CopyReceipt unfit(StoredObject listed, Throwable why) {
        return new CopyReceipt.Unfit(listed.name(), from + ": " + why.getMessage());
    }

    private static boolean isUnfit(Throwable error) {
        return error instanceof ForeignObject
                || error instanceof IntegrityFailed
                || error instanceof io.tidemark.sinks.IntegrityFailed
                || error instanceof ObjectMissing;
    }
}
