package io.tidemark.it.s3.policy;

import io.tidemark.it.s3.proxy.HttpHead;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a policy is asked about.
 *
 * @param action as policies name it
 * @param resource as an ARN
 * @param context the values of condition keys; one that is missing has none
 */
record AskedAction(String action, String resource, Map<String, String> context) {
    private static final String ARN = "arn:aws:s3:::";
    private static final String PREFIX = "s3:prefix";

    /** All that a request, in path style, needs to be allowed. */
    static List<AskedAction> of(HttpHead request) {
        Map<String, String> query = query(request.query());
        String path = decode(request.path()).substring(1);
        int slash = path.indexOf('/');
        String bucket = slash < 0 ? path : path.substring(0, slash);
        String key = slash < 0 ? "" : path.substring(slash + 1);
        if (key.isEmpty()) {
            return List.of(ofBucket(request.method(), bucket, query));
        }
        List<AskedAction> asked = new ArrayList<>();
        asked.add(new AskedAction(
                ofObject(request.method(), query), ARN + bucket + "/" + key, ofWriting(request, query)));
        String source = request.field("x-amz-copy-source");
        if (!source.isEmpty()) {
            asked.add(new AskedAction("s3:GetObject", ARN + decode(source).replaceFirst("^/", ""), Map.of()));
        }
        return asked;
    }

    /** Who may not list a key is not told that it is absent. */
    static AskedAction absence(HttpHead request) {
        String path = decode(request.path()).substring(1);
        int slash = path.indexOf('/');
        return new AskedAction(
                "s3:ListBucket",
                ARN + path.substring(0, Math.max(0, slash)),
                Map.of(PREFIX, path.substring(slash + 1)));
    }

    static boolean isOfObject(HttpHead request) {
        return decode(request.path()).indexOf('/', 1) > 0;
    }

    private static AskedAction ofBucket(String method, String bucket, Map<String, String> query) {
        String resource = ARN + bucket;
        if (method.equals("GET") && query.containsKey("uploads")) {
            return new AskedAction("s3:ListBucketMultipartUploads", resource, Map.of());
        }
        if (method.equals("GET") && (query.containsKey("list-type") || query.containsKey("prefix"))) {
            return new AskedAction(
                    "s3:ListBucket",
                    resource,
                    query.containsKey("prefix") ? Map.of(PREFIX, query.get("prefix")) : Map.of());
        }
        if (method.equals("HEAD")) {
            return new AskedAction("s3:ListBucket", resource, Map.of());
        }
        if (method.equals("POST") && query.containsKey("delete")) {
            // its keys are in the body: only who may delete everything passes
            return new AskedAction("s3:DeleteObject", resource + "/*", Map.of());
        }
        return new AskedAction("s3:BucketAdministration:" + method + query.keySet(), resource, Map.of());
    }

    /** An object is made by a put that is no part, and by the completion of an upload. */
    private static Map<String, String> ofWriting(HttpHead request, Map<String, String> query) {
        Map<String, String> context = new TreeMap<>();
        boolean part = query.containsKey("partNumber") || query.containsKey("uploads");
        context.put("s3:ObjectCreationOperation", part ? "false" : "true");
        String condition = request.field("if-none-match");
        if (!condition.isEmpty()) {
            context.put("s3:if-none-match", condition);
        }
        return context;
    }

    private static String ofObject(String method, Map<String, String> query) {
        String version = query.containsKey("versionId") ? "Version" : "";
        for (String sub : List.of("acl", "tagging", "retention", "legal-hold", "restore", "torrent", "attributes")) {
            if (query.containsKey(sub)) {
                return switch (method + " " + sub) {
                    case "PUT retention" -> "s3:PutObjectRetention";
                    case "GET retention" -> "s3:GetObjectRetention";
                    case "PUT legal-hold" -> "s3:PutObjectLegalHold";
                    case "GET legal-hold" -> "s3:GetObjectLegalHold";
                    default -> "s3:Object:" + method + ":" + sub;
                };
            }
        }
        return switch (method) {
            case "GET" -> query.containsKey("uploadId") ? "s3:ListMultipartUploadParts" : "s3:GetObject" + version;
            case "HEAD" -> "s3:GetObject" + version;
            case "PUT", "POST" -> "s3:PutObject";
            case "DELETE" -> query.containsKey("uploadId") ? "s3:AbortMultipartUpload" : "s3:DeleteObject" + version;
            default -> "s3:Object:" + method;
        };
    }

    static Map<String, String> query(String query) {
        Map<String, String> words = new TreeMap<>();
        for (String word : query.split("&")) {
            int equals = word.indexOf('=');
            if (!word.isEmpty()) {
                words.put(
                        decode(equals < 0 ? word : word.substring(0, equals)),
                        equals < 0 ? "" : decode(word.substring(equals + 1)));
            }
        }
        return words;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
