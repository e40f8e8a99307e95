package io.tidemark.kmip;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A key server could not do, or did not do, what it was asked. The leaves tell what can be done about it; the message says what was
 * attempted, at which host and what came back (lower case, no full stop), the hint what the operator can do.
 *
 * <p>Nothing here holds key bytes or a password; words of the server come in through {@link #quoted} only.
 */
public abstract sealed class KmipException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int MOST_SERVER_WORDS = 256;
    private static final int NO_REASON = -1;

    private final transient Attempt attempt;
    private final String found;
    private final String hint;
    private final int resultReason;

    private KmipException(Attempt attempt, String found, String hint, int resultReason, @Nullable Throwable cause) {
        super(attempt + ": " + found, cause);
        this.attempt = attempt;
        this.found = found;
        this.hint = hint;
        this.resultReason = resultReason;
    }

    /** Which leaf it is, for a switch that the compiler checks. */
    public abstract Kind kind();

    /** The server, as {@code kms.example:5696}; for {@link FilesUnusable} the file. */
    public final String host() {
        return attempt.host();
    }

    /** What was attempted, in KMIP's words where it is an operation: {@code Get}, {@code connect}. */
    public final String operation() {
        return attempt.operation();
    }

    /** What came back: the message without what was attempted, and where. */
    public final String found() {
        return found;
    }

    /** What the operator can do, in one sentence without a full stop. */
    public final String hint() {
        return hint;
    }

    /** KMIP's Result Reason, where the server itself refused: 0x37 is Object Not Found. */
    public final OptionalInt resultReason() {
        return resultReason == NO_REASON ? OptionalInt.empty() : OptionalInt.of(resultReason);
    }

    /** Whether the same call may succeed later, or at another host, without anybody's doing. */
    public boolean isTransient() {
        return kind() == Kind.UNREACHABLE || kind() == Kind.TIMED_OUT;
    }

    /** A name for scripts and metrics that never changes, as {@code kmip-key-not-found}. */
    public final String code() {
        return kind().code;
    }

    /**
     * Words of the server as they may be shown: at most 256 characters (servers echo what they were sent, megabytes of it), control
     * characters and what could direct a terminal as question marks.
     */
    public static String quoted(String serverWords) {
        StringBuilder shown = new StringBuilder("\"");
        serverWords.codePoints().limit(MOST_SERVER_WORDS).forEach(point -> shown.appendCodePoint(plain(point)));
        return shown.append(serverWords.codePointCount(0, serverWords.length()) > MOST_SERVER_WORDS ? "…\"" : "\"")
                .toString();
    }

    private static int plain(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE -> '?';
            default -> point;
        };
    }

    /**
     * What was attempted, and where.
     *
     * @param operation in KMIP's words where it is one: {@code Get}; otherwise a verb: {@code connect}
     * @param host with its port, as {@code kms.example:5696}
     */
    public record Attempt(String operation, String host) {
        @Override
        public String toString() {
            return operation + " at " + host;
        }
    }

    /** The leaves. */
    public enum Kind {
        KEY_NOT_FOUND("kmip-key-not-found"),
        NOT_PERMITTED("kmip-not-permitted"),
        WRONG_LIFECYCLE_STATE("kmip-wrong-lifecycle-state"),
        SERVER_REFUSED("kmip-server-refused"),
        UNREACHABLE("kmip-unreachable"),
        TLS_REFUSED("kmip-tls-refused"),
        PROTOCOL_VIOLATION("kmip-protocol-violation"),
        TIMED_OUT("kmip-timed-out"),
        FILES_UNUSABLE("kmip-files-unusable");

        private final String code;

        Kind(String code) {
            this.code = code;
        }
    }

    /**
     * The server has no such key, or hides it: servers do not tell a key of another owner from none (reasons 0x01, 0x37; 0x36 for one
     * that was destroyed).
     */
    public static final class KeyNotFound extends KmipException {
        private static final long serialVersionUID = 1L;

        /** Found out without the server saying so, as by a Locate without hits. */
        public KeyNotFound(Attempt attempt, String found, String hint) {
            super(attempt, found, hint, NO_REASON, null);
        }

        public KeyNotFound(Attempt attempt, String found, String hint, int resultReason) {
            super(attempt, found, hint, resultReason, null);
        }

        @Override
        public Kind kind() {
            return Kind.KEY_NOT_FOUND;
        }
    }

    /** The server knows who asks and says no. */
    public static final class NotPermitted extends KmipException {
        private static final long serialVersionUID = 1L;

        public NotPermitted(Attempt attempt, String found, String hint, int resultReason) {
            super(attempt, found, hint, resultReason, null);
        }

        @Override
        public Kind kind() {
            return Kind.NOT_PERMITTED;
        }
    }

    /** The key's state does not allow the operation: not active yet, deactivated, destroyed. */
    public static final class WrongLifecycleState extends KmipException {
        private static final long serialVersionUID = 1L;

        public WrongLifecycleState(Attempt attempt, String found, String hint, int resultReason) {
            super(attempt, found, hint, resultReason, null);
        }

        @Override
        public Kind kind() {
            return Kind.WRONG_LIFECYCLE_STATE;
        }
    }

    /** The server says no for a reason that has no leaf of its own: an unknown operation, an invalid field, its own failure. */
    public static final class ServerRefused extends KmipException {
        private static final long serialVersionUID = 1L;

        /** Found out without asking for it: the server does not have what this needs. */
        public ServerRefused(Attempt attempt, String found, String hint) {
            super(attempt, found, hint, NO_REASON, null);
        }

        public ServerRefused(Attempt attempt, String found, String hint, int resultReason) {
            super(attempt, found, hint, resultReason, null);
        }

        @Override
        public Kind kind() {
            return Kind.SERVER_REFUSED;
        }
    }

    /** No connection, or one that ended before the answer. It says nothing about keys. */
    public static final class Unreachable extends KmipException {
        private static final long serialVersionUID = 1L;

        public Unreachable(Attempt attempt, String found, String hint, @Nullable Throwable cause) {
            super(attempt, found, hint, NO_REASON, cause);
        }

        @Override
        public Kind kind() {
            return Kind.UNREACHABLE;
        }
    }

    /** One side does not accept the other's certificate, or they have no version or cipher in common. */
    public static final class TlsRefused extends KmipException {
        private static final long serialVersionUID = 1L;

        private final Check check;

        public TlsRefused(Attempt attempt, Check check, String found, String hint, @Nullable Throwable cause) {
            super(attempt, found, hint, NO_REASON, cause);
            this.check = check;
        }

        /** Which check failed. */
        public Check check() {
            return check;
        }

        @Override
        public Kind kind() {
            return Kind.TLS_REFUSED;
        }

        /** What is only suspected may have been a server that was being stopped. */
        @Override
        public boolean isTransient() {
            return check == Check.CLIENT_SUSPECTED;
        }

        /** The checks of a handshake, ours of the server first, then the server's of us. */
        public enum Check {
            /** The server's certificate has subject alternative names, and not the one that was asked for. */
            SERVER_NAME(Whose.SERVERS),
            /** The server's certificate has no subject alternative name at all. */
            SERVER_WITHOUT_NAMES(Whose.SERVERS),
            SERVER_EXPIRED(Whose.SERVERS),
            SERVER_NOT_YET_VALID(Whose.SERVERS),
            /** The server's certificate leads to no trust anchor of ours. */
            SERVER_ISSUER(Whose.SERVERS),
            /** The server's certificate is not for servers. */
            SERVER_USAGE(Whose.SERVERS),
            /** Anything else about the server's certificate. */
            SERVER_CERTIFICATE(Whose.SERVERS),
            CLIENT_MISSING(Whose.OURS),
            CLIENT_EXPIRED(Whose.OURS),
            /** The server does not know who issued our certificate. */
            CLIENT_ISSUER(Whose.OURS),
            /** Our certificate is not for clients. */
            CLIENT_USAGE(Whose.OURS),
            /** The server refused our certificate for another reason. */
            CLIENT_CERTIFICATE(Whose.OURS),
            /** The server went away before its first answer, as servers do that refuse a certificate, and those that are stopped. */
            CLIENT_SUSPECTED(Whose.OURS),
            /** No protocol version or cipher in common, or a server that wants another certificate and does not say so. */
            NOTHING_IN_COMMON(Whose.NOBODYS),
            /** Anything else; perhaps the other side does not speak TLS at all. */
            HANDSHAKE(Whose.NOBODYS);

            private final Whose whose;

            Check(Whose whose) {
                this.whose = whose;
            }

            /** Whose certificate it is about. */
            public Whose whose() {
                return whose;
            }
        }

        /** Whose certificate a check is about. */
        public enum Whose {
            SERVERS,
            OURS,
            /** Of neither: it did not come to certificates, or was not said. */
            NOBODYS
        }
    }

    /** The answer breaks KMIP's rules or a limit of ours; its connection is closed, and nothing of it was used. */
    public static final class ProtocolViolation extends KmipException {
        private static final long serialVersionUID = 1L;

        public ProtocolViolation(Attempt attempt, String found, String hint, @Nullable Throwable cause) {
            super(attempt, found, hint, NO_REASON, cause);
        }

        @Override
        public Kind kind() {
            return Kind.PROTOCOL_VIOLATION;
        }
    }

    /** No answer, or not enough of it, within the deadline; whether the server has done it is not known. */
    public static final class TimedOut extends KmipException {
        private static final long serialVersionUID = 1L;

        public TimedOut(Attempt attempt, String found, String hint) {
            super(attempt, found, hint, NO_REASON, null);
        }

        @Override
        public Kind kind() {
            return Kind.TIMED_OUT;
        }
    }

    /** A file of certificates or keys cannot be used; no server has been asked. */
    public static final class FilesUnusable extends KmipException {
        private static final long serialVersionUID = 1L;

        public FilesUnusable(Attempt attempt, String found, String hint, @Nullable Throwable cause) {
            super(attempt, found, hint, NO_REASON, cause);
        }

        @Override
        public Kind kind() {
            return Kind.FILES_UNUSABLE;
        }
    }
}
