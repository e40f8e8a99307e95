package io.tidemark.sinks.testing.s3;

import java.util.Map;

/** What a request asks of S3, by the names of its reference. */
public enum S3Operation {
    PUT_OBJECT,
    COPY_OBJECT,
    GET_OBJECT,
    HEAD_OBJECT,
    DELETE_OBJECT,
    LIST_OBJECTS_V2,
    CREATE_MULTIPART_UPLOAD,
    UPLOAD_PART,
    COMPLETE_MULTIPART_UPLOAD,
    ABORT_MULTIPART_UPLOAD,
    LIST_MULTIPART_UPLOADS,
    LIST_PARTS,
    PUT_OBJECT_RETENTION,
    GET_OBJECT_RETENTION,
    GET_OBJECT_LEGAL_HOLD,
    HEAD_BUCKET,
    GET_BUCKET_LIFECYCLE_CONFIGURATION,
    OTHER;

    /** Which operation it is: S3 tells by the method, whether a key is named, and by the query's words. */
    static S3Operation of(String method, boolean ofKey, Map<String, String> query, boolean copies) {
        return ofKey ? ofObject(method, query, copies) : ofBucket(method, query);
    }

    private static S3Operation ofObject(String method, Map<String, String> query, boolean copies) {
        boolean inUpload = query.containsKey("uploadId");
        if (query.containsKey("retention")) {
            return method.equals("PUT") ? PUT_OBJECT_RETENTION : GET_OBJECT_RETENTION;
        }
        if (query.containsKey("legal-hold")) {
            return method.equals("GET") ? GET_OBJECT_LEGAL_HOLD : OTHER;
        }
        if (query.containsKey("tagging") || query.containsKey("acl") || query.containsKey("attributes")) {
            return OTHER;
        }
        return switch (method) {
            case "PUT" -> inUpload ? UPLOAD_PART : copies ? COPY_OBJECT : PUT_OBJECT;
            case "GET" -> inUpload ? LIST_PARTS : GET_OBJECT;
            case "HEAD" -> HEAD_OBJECT;
            case "DELETE" -> inUpload ? ABORT_MULTIPART_UPLOAD : DELETE_OBJECT;
            case "POST" ->
                inUpload ? COMPLETE_MULTIPART_UPLOAD : query.containsKey("uploads") ? CREATE_MULTIPART_UPLOAD : OTHER;
            default -> OTHER;
        };
    }

    private static S3Operation ofBucket(String method, Map<String, String> query) {
        if (method.equals("HEAD")) {
            return HEAD_BUCKET;
        }
        if (!method.equals("GET")) {
            return OTHER;
        }
        if (query.containsKey("lifecycle")) {
            return GET_BUCKET_LIFECYCLE_CONFIGURATION;
        }
        return query.containsKey("uploads")
                ? LIST_MULTIPART_UPLOADS
                : "2".equals(query.get("list-type")) ? LIST_OBJECTS_V2 : OTHER;
    }
}
