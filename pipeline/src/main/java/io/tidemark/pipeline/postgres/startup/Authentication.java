package io.tidemark.pipeline.postgres.startup;

import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.postgres.conninfo.AuthenticationRules.ChannelBinding;
import io.tidemark.pipeline.postgres.message.BackendMessage;
import io.tidemark.pipeline.postgres.message.Bytes;
import io.tidemark.pipeline.postgres.message.FrontendMessage;
import io.tidemark.pipeline.postgres.wire.Security;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is answered to a server that wants to know who we are, and what is not: a small state machine without I/O but the password's.
 * Passwords as they are, and their md5 form, only over verified TLS, a Unix socket or loopback; over TLS SCRAM only with channel binding,
 * unless that is written off; and no welcome counts before the server has proved what SCRAM lets it prove.
 */
final class Authentication {
    private final String where;
    private final Login login;
    private final Security security;
    private final SecureRandom random;
    private State state = State.NOTHING_ASKED;
    private @Nullable ScramExchange scram;

    private enum State {
        NOTHING_ASKED,
        PASSWORD_SENT,
        SCRAM_BEGUN,
        SCRAM_ANSWERED,
        SCRAM_VERIFIED,
        DONE
    }

    Authentication(String where, Login login, Security security, SecureRandom random) {
        this.where = where;
        this.login = login;
        this.security = security;
        this.random = random;
    }

    boolean isDone() {
        return state == State.DONE;
    }

    /** The answer, where one is due. Blocks for the password file, and for SCRAM's arithmetic. */
    Optional<FrontendMessage> answer(BackendMessage.Authentication request) {
        return switch (request.code()) {
            case BackendMessage.Authentication.OK -> welcome();
            case BackendMessage.Authentication.CLEARTEXT -> password("password", "the password in the clear", null);
            case BackendMessage.Authentication.MD5 -> password("md5", "an md5 digest of the password", request.data());
            case BackendMessage.Authentication.SASL -> scram(request.mechanisms());
            case BackendMessage.Authentication.SASL_CONTINUE -> scramAnswer(request.data());
            case BackendMessage.Authentication.SASL_FINAL -> scramEnd(request.data());
            default ->
                throw new PostgresFailed(
                        where + " asks for an authentication that this client does not know: " + name(request.code()),
                        "let pg_hba.conf ask for scram-sha-256 here, or for peer over a Unix socket");
        };
    }

    private static String name(int code) {
        return switch (code) {
            case 2 -> "Kerberos V5";
            case 6 -> "SCM credentials";
            case 7, 8 -> "GSSAPI";
            case 9 -> "SSPI";
            default -> "number " + Integer.toUnsignedString(code);
        };
    }

    private Optional<FrontendMessage> welcome() {
        if (state == State.NOTHING_ASKED) {
            requireAllowed("none", "nothing");
            requireNoBinding("nothing");
        }
        if (state == State.SCRAM_BEGUN || state == State.SCRAM_ANSWERED || state == State.DONE) {
            throw new PostgresFailed(
                    where + " lets us in without having proved that it knows the password",
                    "whoever answers there may not be the server");
        }
        state = State.DONE;
        return Optional.empty();
    }

    private Optional<FrontendMessage> password(String method, String what, @Nullable Bytes salt) {
        require(State.NOTHING_ASKED);
        requireAllowed(method, what);
        requireNoBinding(what);
        if (!security.keepsSecrets()) {
            throw new PostgresFailed(
                    where + " asks for " + what
                            + ", which is not sent where it could be read or answered by somebody else",
                    "let pg_hba.conf ask for scram-sha-256, or connect with sslmode=verify-full or over a Unix socket");
        }
        state = State.PASSWORD_SENT;
        byte[] password = login.password().get().orElseThrow(this::noPassword).getBytes(StandardCharsets.UTF_8);
        return Optional.of(
                new FrontendMessage.Password(salt == null ? new Bytes(password) : md5(password, login.user(), salt)));
    }

    /** {@code md5(md5(password user) salt)}, all in hex. */
    private static Bytes md5(byte[] password, String user, Bytes salt) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            md5.update(password);
            String stored = HexFormat.of().formatHex(md5.digest(user.getBytes(StandardCharsets.UTF_8)));
            md5.update(stored.getBytes(StandardCharsets.US_ASCII));
            String sent = "md5" + HexFormat.of().formatHex(md5.digest(salt.toArray()));
            return new Bytes(sent.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }

    private Optional<FrontendMessage> scram(List<String> mechanisms) {
        require(State.NOTHING_ASKED);
        requireAllowed("scram-sha-256", "SCRAM");
        X509Certificate bound = boundTo(mechanisms);
        ScramExchange begun =
                ScramExchange.begin(where, login.password().get().orElseThrow(this::noPassword), bound, random);
        scram = begun;
        state = State.SCRAM_BEGUN;
        return Optional.of(new FrontendMessage.SaslInitialResponse(begun.mechanism(), bytes(begun.first())));
    }

    /** The certificate that SCRAM is to be bound to; null where it may do without. */
    private @Nullable X509Certificate boundTo(List<String> mechanisms) {
        boolean plus = mechanisms.contains(ScramExchange.PLUS);
        boolean wanted = login.rules().channelBinding() != ChannelBinding.DISABLED;
        if (plus && security.isTls() && wanted) {
            return security.certificate();
        }
        if (security.isTls() && wanted) {
            throw new PostgresFailed(
                    where + " offers " + mechanisms + " over TLS, but not " + ScramExchange.PLUS
                            + ": somebody between may have taken it out",
                    "connect to the server itself, not to a proxy; or write channel_binding=disable");
        }
        requireNoBinding("SCRAM without TLS");
        if (!mechanisms.contains(ScramExchange.PLAIN)) {
            throw new PostgresFailed(
                    where + " offers " + mechanisms + ", and " + ScramExchange.PLAIN + " is not among them");
        }
        return null;
    }

    private Optional<FrontendMessage> scramAnswer(Bytes serverFirst) {
        require(State.SCRAM_BEGUN);
        state = State.SCRAM_ANSWERED;
        return Optional.of(new FrontendMessage.SaslResponse(bytes(scram().answer(text(serverFirst)))));
    }

    private Optional<FrontendMessage> scramEnd(Bytes serverFinal) {
        require(State.SCRAM_ANSWERED);
        scram().verify(text(serverFinal));
        state = State.SCRAM_VERIFIED;
        return Optional.empty();
    }

    private ScramExchange scram() {
        if (scram == null) {
            throw new IllegalStateException("SCRAM has not begun");
        }
        return scram;
    }

    private void require(State expected) {
        if (state != expected) {
            throw new PostgresFailed("what came from " + where
                    + " is not PostgreSQL's protocol: an authentication request out of order");
        }
    }

    private void requireAllowed(String method, String asked) {
        if (!login.rules().methods().contains(method)) {
            throw new PostgresFailed(where + " asks for " + asked + ", which require_auth does not allow");
        }
    }

    private void requireNoBinding(String asked) {
        if (login.rules().channelBinding() == ChannelBinding.REQUIRED) {
            throw new PostgresFailed(
                    where + " asks for " + asked + ", but channel_binding=require wants SCRAM over TLS");
        }
    }

    private PostgresFailed noPassword() {
        return new PostgresFailed(
                where + " asks for a password of role " + login.user() + ", and there is none",
                "write it into the password file (~/.pgpass, passfile=FILE; mode 0600) or into the variable PGPASSWORD");
    }

    private static Bytes bytes(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Bytes bytes) {
        return new String(bytes.toArray(), StandardCharsets.UTF_8);
    }
}
