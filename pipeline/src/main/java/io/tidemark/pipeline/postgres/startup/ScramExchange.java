package io.tidemark.pipeline.postgres.startup;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.StringPreparation;
import com.ongres.scram.common.exception.ScramException;
import com.ongres.scram.common.exception.ScramServerErrorException;
import com.ongres.scram.common.util.TlsServerEndpoint;
import io.tidemark.pipeline.config.PostgresFailed;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * SCRAM-SHA-256: four messages after which each side knows that the other knows the password, and with channel binding that nobody sits
 * between. The library does the arithmetic; what it leaves open is decided here. Source: RFC 5802, 7677, 5929.
 */
final class ScramExchange {
    static final String PLAIN = "SCRAM-SHA-256";
    static final String PLUS = "SCRAM-SHA-256-PLUS";

    // PostgreSQL takes the user from the Startup message and never looks at this one
    private static final String NO_USER = "*";
    private static final int NONCE_BYTES = 18;
    private static final int MOST_ITERATIONS = 1_000_000;

    private static final Pattern SERVER_FIRST =
            Pattern.compile("r=[!-+\\--~]{1,1024},s=[A-Za-z0-9+/]{1,4096}={0,2},i=[1-9][0-9]{0,8}");
    private static final Pattern SERVER_FINAL = Pattern.compile("v=[A-Za-z0-9+/]{1,4096}={0,2}|e=[ -+\\--~]{1,1024}");

    private final String where;
    private final ScramClient client;

    private ScramExchange(String where, ScramClient client) {
        this.where = where;
        this.client = client;
    }

    /** @param certificate the server's, to bind to; null for SCRAM without channel binding */
    static ScramExchange begin(
            String where, String password, @Nullable X509Certificate certificate, SecureRandom random) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            var stage = ScramClient.builder()
                    .advertisedMechanisms(List.of(certificate == null ? PLAIN : PLUS))
                    .username(NO_USER)
                    .password(password.toCharArray())
                    .stringPreparation(StringPreparation.POSTGRESQL_PREPARATION)
                    .nonceSupplier(() -> Base64.getEncoder().encodeToString(nonce));
            return new ScramExchange(
                    where,
                    (certificate == null
                                    ? stage
                                    : stage.channelBinding(
                                            TlsServerEndpoint.TLS_SERVER_END_POINT, binding(where, certificate)))
                            .build());
        } catch (IllegalArgumentException e) {
            throw new PostgresFailed("SCRAM with " + where + " cannot begin: " + e.getMessage(), e);
        }
    }

    private static byte[] binding(String where, X509Certificate certificate) {
        byte[] data = new byte[0];
        try {
            data = TlsServerEndpoint.getChannelBindingData(certificate);
        } catch (CertificateEncodingException e) {
            throw new PostgresFailed("the certificate of " + where + " cannot be read: " + e.getMessage(), e);
        }
        if (data.length == 0) {
            throw new PostgresFailed(
                    "the certificate of " + where + " is signed by " + certificate.getSigAlgName()
                            + ", for which channel binding is not defined",
                    "give the server a certificate signed by RSA or ECDSA with SHA-2, or write channel_binding=disable");
        }
        return data;
    }

    String mechanism() {
        return client.getScramMechanism().getName();
    }

    String first() {
        return client.clientFirstMessage().toString();
    }

    /** The answer to the server's first message. Derives the key, which takes milliseconds: not for an event loop. */
    String answer(String serverFirst) {
        require(SERVER_FIRST, serverFirst);
        try {
            int iterations = client.serverFirstMessage(serverFirst).getIterationCount();
            if (iterations > MOST_ITERATIONS) {
                throw new PostgresFailed(
                        "SCRAM with " + where + ": " + iterations + " iterations, the limit is " + MOST_ITERATIONS);
            }
            return client.clientFinalMessage().toString();
        } catch (ScramException | IllegalArgumentException e) {
            throw new PostgresFailed("SCRAM with " + where + " failed: " + e.getMessage(), e);
        }
    }

    /** Throws unless the server has proved that it knows the password. */
    void verify(String serverFinal) {
        require(SERVER_FINAL, serverFinal);
        try {
            client.serverFinalMessage(serverFinal);
        } catch (ScramServerErrorException e) {
            throw new PostgresFailed(
                    where + " refuses what SCRAM made of the password: " + e.getMessage(),
                    "the password is wrong: see the password file (~/.pgpass, passfile=) or PGPASSWORD",
                    e);
        } catch (ScramException | IllegalArgumentException e) {
            throw new PostgresFailed(
                    where + " did not prove that it knows the password of this role: " + e.getMessage(),
                    "whoever answers there may not be the server",
                    e);
        }
    }

    /** The library trusts that a message has all its parts. */
    private void require(Pattern form, String message) {
        if (!form.matcher(message).matches()) {
            throw new PostgresFailed("what came from " + where + " is not PostgreSQL's protocol: no message of SCRAM");
        }
    }
}
