package io.tidemark.pipeline.keys.kmip;

import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.KmipException.TlsRefused;
import io.tidemark.kmip.KmipException.TlsRefused.Whose;
import io.tidemark.kmip.message.ResultReason;
import io.tidemark.kmip.message.ResultReason.Meaning;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.KeysFailed.Reason;
import io.tidemark.pipeline.config.TidemarkException;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.keys.provider.KeyReference;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What the client's failures mean for who wants a key, in words; and the words for what only several answers together say. */
final class Refusals {
    private static final int SENSITIVE = 0x16;
    private static final int NOT_EXTRACTABLE = 0x17;
    private static final String LOSS =
            "what it alone opens is lost; another recipient, or the recovery key, still opens the keyset";

    private final KmipServer server;

    Refusals(KmipServer server) {
        this.server = server;
    }

    /** The same failure in our terms, without the provider's name, which {@link #named} adds. */
    Mono<TidemarkException> of(KmipException failure, KeyReference reference) {
        return switch (failure.kind()) {
            case KEY_NOT_FOUND ->
                ResultReason.hasMeaning(failure, Meaning.KEY_DESTROYED)
                        ? Mono.just(lost(reference, failure))
                        : absent(reference, said(failure), failure);
            case NOT_PERMITTED -> denied(failure, reference);
            case WRONG_LIFECYCLE_STATE ->
                failed(
                        Reason.STATE,
                        reference.described() + " is not in a state for this: " + said(failure),
                        failure.hint(),
                        failure);
            case SERVER_REFUSED, PROTOCOL_VIOLATION ->
                failed(Reason.UNUSABLE, reference.described() + ": " + said(failure), failure.hint(), failure);
            case UNREACHABLE, TIMED_OUT -> away(failure, reference);
            case TLS_REFUSED -> {
                Reason reason = reasonOf((TlsRefused) failure);
                yield reason == Reason.UNREACHABLE
                        ? away(failure, reference)
                        : failed(reason, said(failure), failure.hint(), failure);
            }
            case FILES_UNUSABLE -> Mono.just(new UsageError(named(said(failure)), failure.hint(), failure));
        };
    }

    private static Mono<TidemarkException> failed(Reason reason, String what, String hint, KmipException cause) {
        return Mono.just(new KeysFailed(reason, what, hint, cause));
    }

    private static Mono<TidemarkException> away(KmipException failure, KeyReference reference) {
        return failed(
                Reason.UNREACHABLE,
                said(failure),
                failure.hint() + "; of " + reference.described() + " nothing is known: it is not lost",
                failure);
    }

    /** Which side did not believe the other. */
    private static Reason reasonOf(TlsRefused refused) {
        if (refused.isTransient()) {
            return Reason.UNREACHABLE; // perhaps it was only being stopped
        }
        return refused.check().whose() == Whose.OURS ? Reason.DENIED : Reason.UNTRUSTED;
    }

    /** None, as far as we can see: servers hide keys of others, so it is said who we are. */
    Mono<TidemarkException> absent(KeyReference reference, @Nullable String said, @Nullable KmipException cause) {
        return server.whoAsks()
                .map(who -> new KeysFailed(
                        Reason.ABSENT,
                        "there is no " + reference.described() + " that we may see" + (said == null ? "" : ": " + said),
                        "a key of another owner looks absent too: who asks is " + who
                                + ", the common name of our certificate " + certificate(),
                        cause));
    }

    private Mono<TidemarkException> denied(KmipException failure, KeyReference reference) {
        int reason = reason(failure);
        if (reason == SENSITIVE || reason == NOT_EXTRACTABLE) {
            return failed(
                    Reason.DENIED,
                    reference.described() + " may not leave its server: " + said(failure),
                    "a key that is sensitive or not extractable is used with `how: encrypt`, or marked otherwise",
                    failure);
        }
        return server.whoAsks()
                .map(who -> new KeysFailed(
                        Reason.DENIED,
                        reference.described() + " is denied to us: " + said(failure),
                        "who asks is " + who + ", the common name of our certificate " + certificate() + "; "
                                + failure.hint(),
                        failure));
    }

    private String certificate() {
        return server.settings().certificate().toString();
    }

    static KeysFailed lost(KeyReference reference, @Nullable Throwable cause) {
        return new KeysFailed(
                Reason.LOST, reference.described() + " was destroyed: nobody can give it back", LOSS, cause);
    }

    static KeysFailed late(Throwable timeout, KeyReference reference, long milliseconds) {
        return new KeysFailed(
                Reason.UNREACHABLE,
                "no end within " + milliseconds + " ms",
                "is the server overloaded? of " + reference.described() + " nothing is known: it is not lost",
                timeout);
    }

    /** The same failure, said of this provider. */
    KeysFailed named(KeysFailed failure) {
        return new KeysFailed(
                failure.reason(),
                named(String.valueOf(failure.getMessage())),
                failure.hint().orElse(null),
                failure.getCause());
    }

    private String named(String what) {
        return "key provider \"" + server.settings().name() + "\" (" + server.hosts() + "): " + what;
    }

    /** KMIP's number, by which an administrator finds the same in the server's log; -1 where the server gave none. */
    static int reason(KmipException failure) {
        return failure.resultReason().orElse(-1);
    }

    /** What the client says, and the number where it does not say it itself. */
    static String said(KmipException failure) {
        String message = String.valueOf(failure.getMessage());
        int reason = reason(failure);
        String number = String.format(Locale.ROOT, "0x%02X", reason);
        return reason < 0 || message.contains(number) ? message : message + " (KMIP reason " + number + ")";
    }
}
