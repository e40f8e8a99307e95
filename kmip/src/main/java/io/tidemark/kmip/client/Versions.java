package io.tidemark.kmip.client;

import io.tidemark.kmip.KmipException.Attempt;
import io.tidemark.kmip.KmipException.ServerRefused;
import io.tidemark.kmip.KmipException.TimedOut;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.message.ResultReason;
import io.tidemark.kmip.message.ResultReason.Meaning;
import io.tidemark.kmip.message.operation.DiscoverVersions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Which versions one server and we have in common: asked once, by one request for all who want to know meanwhile, and remembered until
 * the server does not understand something any more.
 *
 * <p>Source: KMIP 1.4, Discover Versions; KMIP.md section 4: a header of 1.4 is understood by all three servers, and an empty list is
 * said with success.
 */
final class Versions {
    /** Richest in what servers have in common; 2.x is none the better for it: PyKMIP's leaves requests unanswered. */
    static final ProtocolVersion PREFERRED = ProtocolVersion.V1_4;

    private static final DiscoverVersions QUESTION = new DiscoverVersions(ProtocolVersion.SUPPORTED);

    private final Attempt attempt;
    private final AtomicInteger generation = new AtomicInteger();
    private final Mono<Common> asked;
    private volatile @Nullable Common latest;

    /** What was found, the newest first, and when. */
    private record Common(List<ProtocolVersion> versions, int generation) {}

    /** Asks the server in a version. */
    interface Asking extends BiFunction<DiscoverVersions, ProtocolVersion, Mono<List<ProtocolVersion>>> {}

    Versions(Attempt attempt, Asking asking) {
        this.attempt = attempt;
        this.asked = Mono.defer(() -> {
                    int now = generation.get();
                    return discover(asking).map(listed -> new Common(known(attempt, listed), now));
                })
                .doOnNext(found -> latest = found)
                .cacheInvalidateIf(this::isForgotten);
    }

    private boolean isForgotten(Common found) {
        return found.generation() != generation.get();
    }

    /**
     * In common, the newest first; never empty.
     *
     * @param timers where the wait for an answer that was asked for by somebody more patient ends
     */
    Mono<List<ProtocolVersion>> common(Deadline deadline, Scheduler timers) {
        return Mono.defer(() -> {
            Common known = latest;
            return known != null && !isForgotten(known)
                    ? Mono.just(known.versions())
                    : asked.map(Common::versions)
                            .timeout(
                                    Mono.delay(Duration.ofNanos(deadline.nanosLeft()), timers), Mono.error(this::late));
        });
    }

    private Lost late() {
        return new Lost(
                new TimedOut(
                        attempt,
                        "the server did not say until the deadline which versions it has",
                        "see whether the server is well"),
                Lost.When.UNSENT);
    }

    /** The next who wants to know asks again. */
    void forget() {
        generation.incrementAndGet();
    }

    /** Servers that are older than 1.4 may mind the header; the operation itself is as old as 1.1. */
    private static Mono<List<ProtocolVersion>> discover(Asking asking) {
        return asking.apply(QUESTION, ProtocolVersion.V1_4)
                .onErrorResume(Versions::isNotUnderstood, minded -> asking.apply(QUESTION, ProtocolVersion.V1_1))
                .onErrorResume(Versions::isNotUnderstood, minded -> Mono.just(List.of(ProtocolVersion.V1_0)));
    }

    private static boolean isNotUnderstood(Throwable failure) {
        return failure instanceof ServerRefused refused
                && (ResultReason.hasMeaning(refused, Meaning.NOT_UNDERSTOOD)
                        || ResultReason.hasMeaning(refused, Meaning.NOT_SUPPORTED));
    }

    private static List<ProtocolVersion> known(Attempt attempt, List<ProtocolVersion> listed) {
        List<ProtocolVersion> known =
                ProtocolVersion.SUPPORTED.stream().filter(listed::contains).toList();
        if (known.isEmpty()) {
            throw new ServerRefused(
                    attempt,
                    "no version of KMIP in common: it lists "
                            + (listed.isEmpty() ? "none of " + shown(ProtocolVersion.SUPPORTED) : shown(listed)),
                    "let the server speak one of " + shown(ProtocolVersion.SUPPORTED));
        }
        return known;
    }

    /** What is asked in where nothing else is needed. */
    static ProtocolVersion usual(List<ProtocolVersion> common) {
        return common.stream()
                .filter(one -> PREFERRED.isAtLeast(one))
                .findFirst()
                .orElse(common.get(0));
    }

    /** What to ask in: 1.4, or else the nearest below it; what is newer for what needs it. */
    static ProtocolVersion choose(List<ProtocolVersion> common, RequestPayload<?> payload, Attempt attempt) {
        List<ProtocolVersion> fit =
                common.stream().filter(one -> one.isAtLeast(payload.since())).toList();
        if (fit.isEmpty()) {
            throw new ServerRefused(
                    attempt,
                    "it needs KMIP " + payload.since() + ", and the server has " + shown(common),
                    "ask a newer server");
        }
        return usual(fit);
    }

    private static String shown(List<ProtocolVersion> versions) {
        return versions.stream().limit(16).map(ProtocolVersion::toString).collect(Collectors.joining(", "));
    }
}
