package io.tidemark.kmip.client;

import io.tidemark.kmip.KmipException.Attempt;
import io.tidemark.kmip.KmipException.Kind;
import io.tidemark.kmip.KmipException.ServerRefused;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.message.ResultReason;
import io.tidemark.kmip.message.ResultReason.Meaning;
import java.util.List;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** One host of the service: its connections, what versions it has, and how it is. */
final class Host {
    private final KmipHost address;
    private final Pool pool;
    private final Breaker breaker;
    private final Versions versions;
    private final Scheduler tasks;

    /** @param patience with the question for versions, which is asked for all who want to know */
    Host(KmipHost address, Pool pool, Breaker breaker, Scheduler tasks, Supplier<Deadline> patience) {
        this.address = address;
        this.pool = pool;
        this.breaker = breaker;
        this.tasks = tasks;
        this.versions = new Versions(
                attempt("DiscoverVersions"),
                (question, version) -> Mono.defer(() -> exchange(question, version, patience.get())));
    }

    KmipHost address() {
        return address;
    }

    Breaker breaker() {
        return breaker;
    }

    void close() {
        pool.close();
    }

    private Attempt attempt(String operation) {
        return new Attempt(operation, address.toString());
    }

    /** What a plain request goes out in. */
    Mono<List<ProtocolVersion>> versions(Deadline deadline) {
        return versions.common(deadline, tasks);
    }

    /** The one of them that this is asked in. */
    ProtocolVersion choose(List<ProtocolVersion> common, RequestPayload<?> payload) {
        return Versions.choose(common, payload, attempt(payload.operation().toString()));
    }

    /** In the version that is chosen for it. Fails with {@link Lost}, or with what the server refused. */
    <A> Mono<A> ask(RequestPayload<A> payload, Deadline deadline) {
        return versions(deadline)
                // this was not the request itself, and it did no harm
                .onErrorMap(Lost.class, Lost::beforeSending)
                .flatMap(common -> exchange(payload, choose(common, payload), deadline))
                .doOnError(ServerRefused.class, this::mind);
    }

    /** In exactly this version. */
    <A> Mono<A> ask(RequestPayload<A> payload, ProtocolVersion version, Deadline deadline) {
        if (!version.isAtLeast(payload.since())) {
            return Mono.error(new ServerRefused(
                    attempt(payload.operation().toString()),
                    "it needs KMIP " + payload.since() + ", and " + version + " was asked for",
                    "ask in another version"));
        }
        return exchange(payload, version, deadline);
    }

    /** The server may have been replaced by one of another version. */
    private void mind(ServerRefused refused) {
        if (ResultReason.hasMeaning(refused, Meaning.NOT_UNDERSTOOD)) {
            versions.forget();
        }
    }

    private <A> Mono<A> exchange(RequestPayload<A> payload, ProtocolVersion version, Deadline deadline) {
        Mono<A> once = Exchange.of(
                new Exchange.Question<>(
                        payload, version, attempt(payload.operation().toString()), deadline),
                pool);
        Repeating repeating = Repeating.of(payload.operation());
        return once.onErrorResume(failure -> isWorthAnother(failure, repeating) ? once : Mono.error(failure));
    }

    /** A connection that had died unnoticed says nothing about the host; nor does a failure that PyKMIP cannot explain itself. */
    private static boolean isWorthAnother(Throwable failure, Repeating repeating) {
        if (failure instanceof Lost lost) {
            return switch (lost.when()) {
                case ON_AN_ENDED_CONNECTION -> true;
                case ON_A_USED_CONNECTION ->
                    repeating == Repeating.HARMLESS && lost.failure().kind() == Kind.UNREACHABLE;
                case NOT_TAKEN, UNSENT, ON_A_NEW_CONNECTION, HALF_ANSWERED -> false;
            };
        }
        return repeating == Repeating.HARMLESS
                && failure instanceof ServerRefused refused
                && refused.resultReason().orElse(0) == ResultReason.GENERAL_FAILURE.code();
    }
}
