package io.tidemark.it.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * S3 by hand, one request at a time, signed with signature version 4: what a thief does who has a credential and no Tidemark.
 *
 * <p>Source: Amazon S3 API reference, Authenticating Requests (AWS Signature Version 4).
 */
public final class SignedRequests {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final URI endpoint;
    private final Identity identity;

    public SignedRequests(URI endpoint, Identity identity) {
        this.endpoint = endpoint;
        this.identity = identity;
    }

    /** A request without body, headers or query. */
    public HttpResponse<String> send(String method, String path) {
        return send(method, path, Map.of(), Map.of(), "");
    }

    /**
     * Sends one and waits for the answer.
     *
     * @param path {@code /bucket/key}, not encoded
     * @param query not encoded either; words without value have an empty one
     * @param headers names in lower case; each is signed
     */
    public HttpResponse<String> send(
            String method, String path, Map<String, String> query, Map<String, String> headers, String body) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String time = TIME.format(Instant.now());
        String encodedQuery = new TreeMap<>(query)
                .entrySet().stream()
                        .map(word -> encode(word.getKey()) + "=" + encode(word.getValue()))
                        .collect(Collectors.joining("&"));
        TreeMap<String, String> signed = new TreeMap<>(headers);
        signed.put("host", endpoint.getAuthority());
        signed.put("x-amz-date", time);
        signed.put("x-amz-content-sha256", HexFormat.of().formatHex(sha256(content)));
        String encodedPath = encode(path).replace("%2F", "/");
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        endpoint.resolve(encodedPath + (encodedQuery.isEmpty() ? "" : "?" + encodedQuery)))
                .timeout(Duration.ofSeconds(60))
                .method(method, content.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(content))
                .header("Authorization", authorization(method, encodedPath, encodedQuery, signed));
        signed.forEach((name, value) -> {
            if (!name.equals("host")) {
                request.header(name, value);
            }
        });
        try {
            return client.send(request.build(), BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String authorization(String method, String path, String query, TreeMap<String, String> headers) {
        String time = headers.get("x-amz-date");
        String names = String.join(";", headers.keySet());
        String canonical = method + "\n" + path + "\n" + query + "\n"
                + headers.entrySet().stream()
                        .map(field -> field.getKey() + ":" + field.getValue() + "\n")
                        .collect(Collectors.joining())
                + "\n" + names + "\n" + headers.get("x-amz-content-sha256");
        String scope = time.substring(0, 8) + "/us-east-1/s3/aws4_request";
        String toSign = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n"
                + HexFormat.of().formatHex(sha256(canonical.getBytes(StandardCharsets.UTF_8)));
        byte[] key = ("AWS4" + identity.secretKey()).getBytes(StandardCharsets.UTF_8);
        for (String word : scope.split("/")) {
            key = hmac(key, word);
        }
        return "AWS4-HMAC-SHA256 Credential=" + identity.accessKey() + "/" + scope + ", SignedHeaders=" + names
                + ", Signature=" + HexFormat.of().formatHex(hmac(key, toSign));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
