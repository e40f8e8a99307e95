package io.tidemark.pipeline.postgres.startup;

import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.postgres.message.BackendMessage;
import io.tidemark.pipeline.postgres.message.FrontendMessage;
import io.tidemark.pipeline.postgres.wire.Wire;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Starts a session on a connection: says who we are, answers what is asked, and notes what the server tells of itself. */
public final class SessionStart {
    // PostgreSQL 18 reports 16
    private static final int MOST_PARAMETERS = 1000;

    private final Login login;
    private final Duration patience;
    private final Scheduler files;
    private final SecureRandom random;

    /**
     * @param patience how long the server may be silent
     * @param files where the password file is read and SCRAM's key derived
     */
    public SessionStart(Login login, Duration patience, Scheduler files, SecureRandom random) {
        this.login = login;
        this.patience = patience;
        this.files = files;
        this.random = random;
    }

    /** The server's parameters, once it is ready. After an error the connection is closed. */
    public Mono<Map<String, String>> on(Wire wire) {
        return Mono.defer(() -> {
            Authentication authentication = new Authentication(wire.where(), login, wire.security(), random);
            Map<String, String> parameters = new HashMap<>();
            return wire.exchange(
                            "connecting as " + login.user(),
                            new FrontendMessage.Startup(login.allParameters()),
                            patience,
                            patience)
                    .concatMap(message -> dealtWith(wire, authentication, parameters, message), 1)
                    .then(Mono.fromCallable(() -> {
                        if (!authentication.isDone()) {
                            throw outOfOrder(wire, "ReadyForQuery");
                        }
                        return parameters;
                    }))
                    .onErrorResume(failure -> wire.close().then(Mono.error(failure)));
        });
    }

    private Mono<Void> dealtWith(
            Wire wire, Authentication authentication, Map<String, String> parameters, BackendMessage message) {
        return switch (message.kind()) {
            case AUTHENTICATION ->
                Mono.fromCallable(() -> authentication.answer((BackendMessage.Authentication) message))
                        .subscribeOn(files)
                        .doOnNext(answer -> answer.ifPresent(wire::send))
                        .then();
            case PARAMETER -> {
                BackendMessage.ParameterStatus status = (BackendMessage.ParameterStatus) message;
                parameters.put(status.name(), status.value());
                boolean expected = authentication.isDone() && parameters.size() <= MOST_PARAMETERS;
                yield expected ? Mono.empty() : Mono.error(outOfOrder(wire, "parameter " + status.name()));
            }
            case NEGOTIATION, NOTICE -> Mono.empty();
            case KEY_DATA,
                    READY,
                    COLUMNS,
                    ROW,
                    COMMAND_COMPLETE,
                    EMPTY_QUERY,
                    COPY_OUT,
                    COPY_DATA,
                    COPY_DONE,
                    ERROR,
                    NOTIFICATION -> {
                message.discard();
                yield Mono.error(outOfOrder(wire, message.kind().toString()));
            }
        };
    }

    private static PostgresFailed outOfOrder(Wire wire, String what) {
        return new PostgresFailed("what came from " + wire.where() + " is not PostgreSQL's protocol: " + what
                + " while a session starts");
    }
}
