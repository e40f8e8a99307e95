package io.tidemark.kmip.client;

import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.KmipException.Attempt;
import io.tidemark.kmip.KmipException.KeyNotFound;
import io.tidemark.kmip.KmipException.NotPermitted;
import io.tidemark.kmip.KmipException.ServerRefused;
import io.tidemark.kmip.KmipException.WrongLifecycleState;
import io.tidemark.kmip.message.BatchResult.Refused;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ResultStatus;
import io.tidemark.kmip.tls.CertificateFacts;
import io.tidemark.kmip.tls.KmipTls;

/**
 * What a server says no with, in words for its operator. Numbers mean different things on different servers: only sets of them are told
 * apart.
 *
 * <p>Source: KMIP.md section 5, measured 2026-11-22 with Cosmian KMS 5.26.0 and PyKMIP 0.11.0.
 */
final class Refusal {
    /** Authentication Not Successful: about the client, not about the key. */
    private static final int NOT_AUTHENTICATED = 3;

    private static final int GENERAL_FAILURE = 0x100;

    private final Attempt attempt;
    private final Operation operation;
    private final KmipTls tls;

    Refusal(Attempt attempt, Operation operation, KmipTls tls) {
        this.attempt = attempt;
        this.operation = operation;
        this.tls = tls;
    }

    KmipException of(Refused refused) {
        int code = refused.reason().code();
        if (refused.status() != ResultStatus.OPERATION_FAILED) {
            return new ServerRefused(
                    attempt,
                    "the server answered " + refused.status() + " and no result" + words(refused),
                    "let the server answer at once: what is put off or taken back is of no use here",
                    code);
        }
        if (code == NOT_AUTHENTICATED) {
            return tls.notAuthenticated(attempt, refused.message());
        }
        return switch (refused.reason().meaning()) {
            case KEY_NOT_FOUND ->
                new KeyNotFound(
                        attempt,
                        "the server has no such key (" + refused.reason() + ")" + words(refused),
                        "see whether the key exists, and whether it is " + ours()
                                + " who owns it: a key of another owner looks" + " like none",
                        code);
            case KEY_DESTROYED ->
                new KeyNotFound(
                        attempt,
                        "the key was destroyed (" + refused.reason() + ")" + words(refused),
                        "what only this key opens is lost, unless the server's operator has a backup with the key in it",
                        code);
            case NOT_PERMITTED ->
                new NotPermitted(
                        attempt,
                        "the server does not permit it (" + refused.reason() + ")" + words(refused),
                        "let the key's owner permit " + operation + " to " + ours()
                                + ", and see the key's state: servers say the" + " same of keys that are not active",
                        code);
            case WRONG_LIFECYCLE_STATE ->
                new WrongLifecycleState(
                        attempt,
                        "the key's state does not allow it (" + refused.reason() + ")" + words(refused),
                        state(),
                        code);
            case NOT_SUPPORTED ->
                new ServerRefused(
                        attempt,
                        "the server does not do this (" + refused.reason() + ")" + words(refused),
                        "see by Query and Discover Versions what this server has",
                        code);
            case NOT_UNDERSTOOD ->
                new ServerRefused(
                        attempt,
                        "the server did not understand it (" + refused.reason() + ")" + words(refused),
                        "see which versions the server has, and whether its log says more",
                        code);
            case OTHER ->
                new ServerRefused(
                        attempt,
                        "the server refused it (" + refused.reason() + ")" + words(refused),
                        code == GENERAL_FAILURE
                                ? "let the server's log say what failed there"
                                : "see what was asked for, and whether the server's log says more",
                        code);
        };
    }

    private String state() {
        return switch (operation) {
            case GET, EXPORT ->
                "see the key's State; where Get refuses a key that was revoked, Export in KMIP 2.x may still give it out, and so"
                        + " may the server's operator";
            case DESTROY -> "revoke the key first; an active one is not destroyed";
            case ENCRYPT, DECRYPT -> "activate the key; only an active one is used";
            default -> "see the key's State";
        };
    }

    private String ours() {
        return tls.clientCertificate()
                .map(CertificateFacts::commonName)
                .filter(name -> !name.isEmpty())
                .map(KmipException::quoted)
                .orElse("this client, which shows no name");
    }

    private static String words(Refused refused) {
        return refused.message().isEmpty() ? "" : ": " + KmipException.quoted(refused.message());
    }
}
