package io.tidemark.it.s3.policy;

import io.tidemark.it.s3.Identity;
import io.tidemark.it.s3.proxy.HttpHead;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signature version 4 in a request's Authorization field.
 *
 * <p>Source: Amazon S3 API reference, Authenticating Requests: Using the Authorization Header.
 */
record Signature(String accessKey, String scope, String signedFields, String signature) {
    private static final Pattern FIELD = Pattern.compile(
            "AWS4-HMAC-SHA256 Credential=([^/]+)/([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})");

    /** Null where there is none. */
    static @Nullable Signature of(HttpHead request) {
        Matcher field = FIELD.matcher(request.field("authorization"));
        return field.matches() ? new Signature(field.group(1), field.group(2), field.group(3), field.group(4)) : null;
    }

    /** Whether who knows the secret has signed this. */
    boolean isOf(HttpHead request, Identity identity) {
        return signature.equals(over(request, identity.secretKey()));
    }

    /** The same request by somebody else. */
    HttpHead anew(HttpHead request, Identity identity) {
        return request.with(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=" + identity.accessKey() + "/" + scope + ", SignedHeaders=" + signedFields
                        + ", Signature=" + over(request, identity.secretKey()));
    }

    private String over(HttpHead request, String secret) {
        String query = Arrays.stream(request.query().split("&"))
                .filter(word -> !word.isEmpty())
                .map(word -> word.contains("=") ? word : word + "=")
                .sorted()
                .collect(Collectors.joining("&"));
        String canonical = request.method() + "\n" + request.path() + "\n" + query + "\n"
                + Arrays.stream(signedFields.split(";"))
                        .map(name -> name + ":" + request.field(name).replaceAll(" +", " ") + "\n")
                        .collect(Collectors.joining())
                + "\n" + signedFields + "\n" + request.field("x-amz-content-sha256");
        String toSign = "AWS4-HMAC-SHA256\n" + request.field("x-amz-date") + "\n" + scope + "\n"
                + HexFormat.of().formatHex(sha256(canonical));
        byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
        for (String word : scope.split("/")) {
            key = hmac(key, word);
        }
        return HexFormat.of().formatHex(hmac(key, toSign));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
