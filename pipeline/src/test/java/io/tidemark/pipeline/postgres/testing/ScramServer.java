package io.tidemark.pipeline.postgres.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** A server's side of SCRAM-SHA-256, with the JDK's arithmetic alone, so that the client's library is checked by another. RFC 5802. */
public final class ScramServer {
    private static final byte[] SALT = "sixteen bytes of".getBytes(StandardCharsets.US_ASCII);

    private final String password;
    private final int iterations;
    private final byte[] channelBinding;

    /** @param channelBinding the hash of the certificate; empty for SCRAM without */
    public ScramServer(String password, int iterations, byte[] channelBinding) {
        this.password = password;
        this.iterations = iterations;
        this.channelBinding = channelBinding.clone();
    }

    /** The whole conversation from the client's first answer on, up to and without AuthenticationOk. */
    public void play(ScriptedPostgres.Session session) throws IOException, GeneralSecurityException {
        String first = initial(session.expect('p'));
        String bare = first.substring(first.indexOf(",", first.indexOf(',') + 1) + 1);
        String serverFirst = serverFirst(bare);
        session.send(ServerBytes.authentication(11, serverFirst.getBytes(StandardCharsets.UTF_8)));
        String answer = new String(session.expect('p'), StandardCharsets.UTF_8);
        session.send(ServerBytes.authentication(12, end(first, bare, serverFirst, answer)));
    }

    /** {@code mechanism NUL length data}. */
    private String initial(byte[] body) throws IOException {
        String text = new String(body, StandardCharsets.UTF_8);
        String mechanism = text.substring(0, text.indexOf('\0'));
        String expected = channelBinding.length > 0 ? "SCRAM-SHA-256-PLUS" : "SCRAM-SHA-256";
        if (!mechanism.equals(expected)) {
            throw new IOException("expected " + expected + ", the client chose " + mechanism);
        }
        return text.substring(mechanism.length() + 5);
    }

    private String serverFirst(String clientFirstBare) {
        String nonce = clientFirstBare.substring(clientFirstBare.indexOf("r=") + 2);
        return "r=" + nonce + "server,s=" + Base64.getEncoder().encodeToString(SALT) + ",i=" + iterations;
    }

    private byte[] end(String first, String bare, String serverFirst, String answer)
            throws IOException, GeneralSecurityException {
        String withoutProof = answer.substring(0, answer.indexOf(",p="));
        byte[] proof = Base64.getDecoder().decode(answer.substring(answer.indexOf(",p=") + 3));
        byte[] binding = (first.substring(0, first.length() - bare.length())).getBytes(StandardCharsets.UTF_8);
        byte[] bound = Arrays.copyOf(binding, binding.length + channelBinding.length);
        System.arraycopy(channelBinding, 0, bound, binding.length, channelBinding.length);
        if (!withoutProof.startsWith("c=" + Base64.getEncoder().encodeToString(bound) + ",")) {
            throw new IOException("the client is bound to another channel");
        }
        byte[] message = (bare + "," + serverFirst + "," + withoutProof).getBytes(StandardCharsets.UTF_8);
        byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                .generateSecret(new PBEKeySpec(password.toCharArray(), SALT, iterations, 256))
                .getEncoded();
        byte[] clientKey = hmac(salted, "Client Key".getBytes(StandardCharsets.US_ASCII));
        byte[] stored = MessageDigest.getInstance("SHA-256").digest(clientKey);
        byte[] expected = hmac(stored, message);
        for (int i = 0; i < expected.length; i++) {
            expected[i] ^= clientKey[i];
        }
        if (!Arrays.equals(expected, proof)) {
            return "e=invalid-proof".getBytes(StandardCharsets.US_ASCII);
        }
        byte[] signature = hmac(hmac(salted, "Server Key".getBytes(StandardCharsets.US_ASCII)), message);
        return ("v=" + Base64.getEncoder().encodeToString(signature)).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] hmac(byte[] key, byte[] data) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(data);
    }
}
