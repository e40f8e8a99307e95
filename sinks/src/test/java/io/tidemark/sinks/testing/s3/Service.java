package io.tidemark.sinks.testing.s3;

import io.tidemark.sinks.testing.s3.Bucket.Stored;
import io.tidemark.sinks.testing.s3.Bucket.Upload;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What S3 does with a request, as far as its reference says so and a store of immutable objects can notice. */
final class Service implements Exchange.Performer {

    private static final String CRC32C = "x-amz-checksum-crc32c";
    private static final String RETAIN_UNTIL = "x-amz-object-lock-retain-until-date";
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d*)-(\\d*)");
    private static final Pattern PART = Pattern.compile("(?s)<Part>(.*?)</Part>");

    private final Map<String, Bucket> buckets;

    Service(Map<String, Bucket> buckets) {
        this.buckets = buckets;
    }

    @Override
    public S3Answer perform(S3Request request, byte[] body) {
        Bucket bucket = buckets.get(request.bucket());
        if (bucket == null) {
            return S3Answer.error(404, "NoSuchBucket");
        }
        String stated = request.header(CRC32C);
        boolean ofBody = request.operation() != S3Operation.COMPLETE_MULTIPART_UPLOAD;
        if (ofBody && !stated.isEmpty() && !stated.equals(Bucket.crc32c(body))) {
            return S3Answer.error(400, "BadDigest");
        }
        return switch (request.operation()) {
            case PUT_OBJECT -> made(bucket.put(request.key(), body, request.headers()));
            case COPY_OBJECT -> copy(bucket, request);
            case GET_OBJECT, HEAD_OBJECT -> get(bucket.find(request.key()), request);
            case DELETE_OBJECT -> delete(bucket, request);
            case LIST_OBJECTS_V2 -> list(bucket, request);
            case CREATE_MULTIPART_UPLOAD -> create(bucket, request);
            case UPLOAD_PART -> part(bucket, request, body);
            case COMPLETE_MULTIPART_UPLOAD -> complete(bucket, request, new String(body, StandardCharsets.UTF_8));
            case ABORT_MULTIPART_UPLOAD ->
                bucket.abort(request.query().get("uploadId")) ? S3Answer.of(204) : S3Answer.error(404, "NoSuchUpload");
            case LIST_MULTIPART_UPLOADS -> uploads(bucket, request);
            case PUT_OBJECT_RETENTION -> retain(bucket.find(request.key()), new String(body, StandardCharsets.UTF_8));
            case GET_OBJECT_RETENTION -> retention(bucket.find(request.key()));
            case HEAD_BUCKET -> S3Answer.of(200);
            case GET_BUCKET_LIFECYCLE_CONFIGURATION ->
                bucket.lifecycle().isEmpty()
                        ? S3Answer.error(404, "NoSuchLifecycleConfiguration")
                        : S3Answer.xml(200, bucket.lifecycle());
            case LIST_PARTS, GET_OBJECT_LEGAL_HOLD, OTHER -> S3Answer.error(501, "NotImplemented");
        };
    }

    private static S3Answer made(@Nullable Stored object) {
        if (object == null) {
            return S3Answer.error(412, "PreconditionFailed");
        }
        S3Answer answer = S3Answer.of(200).with("ETag", object.etag);
        return object.headers.containsKey(CRC32C) ? answer.with(CRC32C, object.headers.get(CRC32C)) : answer;
    }

    private S3Answer copy(Bucket bucket, S3Request request) {
        String source = URLDecoder.decode(request.header("x-amz-copy-source"), StandardCharsets.UTF_8)
                .replaceFirst("^/", "");
        Bucket from = buckets.get(source.substring(0, source.indexOf('/')));
        Stored original = from == null ? null : from.find(source.substring(source.indexOf('/') + 1));
        if (original == null) {
            return S3Answer.error(404, "NoSuchKey");
        }
        Stored object = bucket.put(request.key(), original.content, request.headers());
        return object == null
                ? S3Answer.error(412, "PreconditionFailed")
                : S3Answer.xml(200, "<CopyObjectResult><ETag>" + object.etag + "</ETag></CopyObjectResult>");
    }

    private static S3Answer get(@Nullable Stored object, S3Request request) {
        if (object == null) {
            return S3Answer.error(404, "NoSuchKey");
        }
        if (request.headers().containsKey("if-match")
                && !request.header("if-match").equals(object.etag)) {
            return S3Answer.error(412, "PreconditionFailed");
        }
        S3Answer answer = S3Answer.of(200)
                .with("ETag", object.etag)
                .with("Accept-Ranges", "bytes")
                .with("Content-Type", "application/octet-stream")
                .with(
                        "Last-Modified",
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(object.modified.atOffset(ZoneOffset.UTC)))
                .body(object.content);
        if (object.retainedUntil != null) {
            answer.with("x-amz-object-lock-mode", "COMPLIANCE").with(RETAIN_UNTIL, object.retainedUntil);
        }
        if (request.headers().containsKey("range")) {
            return part(answer, object, request.header("range"));
        }
        boolean checksum = request.header("x-amz-checksum-mode").equalsIgnoreCase("enabled");
        return checksum && object.headers.containsKey(CRC32C)
                ? answer.with(CRC32C, object.headers.get(CRC32C))
                : answer;
    }

    private static S3Answer part(S3Answer whole, Stored object, String range) {
        Matcher matcher = RANGE.matcher(range);
        if (!matcher.matches()) {
            return whole;
        }
        long size = object.content.length;
        long first = matcher.group(1).isEmpty()
                ? Math.max(0, size - Long.parseLong(matcher.group(2)))
                : Long.parseLong(matcher.group(1));
        long last = matcher.group(1).isEmpty() || matcher.group(2).isEmpty()
                ? size - 1
                : Math.min(size - 1, Long.parseLong(matcher.group(2)));
        if (first >= size) {
            return S3Answer.error(416, "InvalidRange").with("Content-Range", "bytes */" + size);
        }
        return whole.as(206)
                .with("Content-Range", "bytes " + first + "-" + last + "/" + size)
                .body(Arrays.copyOfRange(object.content, (int) first, (int) last + 1));
    }

    private static S3Answer delete(Bucket bucket, S3Request request) {
        bucket.delete(request.key());
        return S3Answer.of(204);
    }

    private static S3Answer list(Bucket bucket, S3Request request) {
        Map<String, String> query = request.query();
        String after = query.getOrDefault("continuation-token", query.getOrDefault("start-after", ""));
        int most = Integer.parseInt(query.getOrDefault("max-keys", "1000"));
        StringBuilder xml = new StringBuilder();
        int count = 0;
        String last = "";
        NavigableMap<String, Stored> found = bucket.from(query.getOrDefault("prefix", ""), after);
        for (Map.Entry<String, Stored> object : found.entrySet()) {
            if (count == most) {
                break;
            }
            count++;
            last = object.getKey();
            xml.append("<Contents><Key>").append(Xml.text(last)).append("</Key><LastModified>");
            xml.append(object.getValue().modified).append("</LastModified><ETag>");
            xml.append(Xml.text(object.getValue().etag)).append("</ETag><Size>");
            xml.append(object.getValue().content.length);
            xml.append("</Size><StorageClass>STANDARD</StorageClass></Contents>");
        }
        boolean more = count < found.size();
        String next = more ? "<NextContinuationToken>" + Xml.text(last) + "</NextContinuationToken>" : "";
        return S3Answer.xml(
                200,
                "<ListBucketResult><Name>" + request.bucket() + "</Name><KeyCount>" + count + "</KeyCount><MaxKeys>"
                        + most + "</MaxKeys><IsTruncated>" + more + "</IsTruncated>" + next + xml
                        + "</ListBucketResult>");
    }

    private static S3Answer create(Bucket bucket, S3Request request) {
        String id = bucket.begin(request.key(), request.headers());
        return S3Answer.xml(
                200,
                "<InitiateMultipartUploadResult><Bucket>" + request.bucket() + "</Bucket><Key>"
                        + Xml.text(request.key()) + "</Key><UploadId>" + id
                        + "</UploadId></InitiateMultipartUploadResult>");
    }

    private static S3Answer part(Bucket bucket, S3Request request, byte[] body) {
        Stored part = bucket.part(
                request.query().get("uploadId"),
                Integer.parseInt(request.query().get("partNumber")),
                body,
                request.headers());
        return part == null ? S3Answer.error(404, "NoSuchUpload") : made(part);
    }

    private static S3Answer complete(Bucket bucket, S3Request request, String body) {
        String id = request.query().get("uploadId");
        Upload upload = bucket.upload(id);
        if (upload == null) {
            return S3Answer.error(404, "NoSuchUpload");
        }
        NavigableMap<Integer, Stored> parts = new TreeMap<>();
        Matcher matcher = PART.matcher(body);
        int before = 0;
        while (matcher.find()) {
            int number = Integer.parseInt(Xml.element(matcher.group(1), "PartNumber"));
            Stored part = upload.parts.get(number);
            if (part == null || !Xml.element(matcher.group(1), "ETag").equals(part.etag)) {
                return S3Answer.error(400, "InvalidPart");
            }
            if (number <= before) {
                return S3Answer.error(400, "InvalidPartOrder");
            }
            before = number;
            parts.put(number, part);
        }
        if (parts.isEmpty()) {
            return S3Answer.error(400, "MalformedXML");
        }
        return completed(bucket.complete(id, parts, request.headers()), request);
    }

    private static S3Answer completed(@Nullable Stored object, S3Request request) {
        return object == null
                ? S3Answer.error(412, "PreconditionFailed")
                : S3Answer.xml(
                        200,
                        "<CompleteMultipartUploadResult><Bucket>" + request.bucket() + "</Bucket><Key>"
                                + Xml.text(request.key()) + "</Key><ETag>" + Xml.text(object.etag)
                                + "</ETag></CompleteMultipartUploadResult>");
    }

    private static S3Answer uploads(Bucket bucket, S3Request request) {
        String prefix = request.query().getOrDefault("prefix", "");
        StringBuilder xml = new StringBuilder();
        bucket.uploads().forEach((id, upload) -> {
            if (upload.key.startsWith(prefix)) {
                xml.append("<Upload><Key>").append(Xml.text(upload.key)).append("</Key><UploadId>");
                xml.append(id).append("</UploadId><Initiated>").append(upload.begun);
                xml.append("</Initiated></Upload>");
            }
        });
        return S3Answer.xml(
                200,
                "<ListMultipartUploadsResult><Bucket>" + request.bucket() + "</Bucket><IsTruncated>false</IsTruncated>"
                        + xml + "</ListMultipartUploadsResult>");
    }

    private static S3Answer retain(@Nullable Stored object, String body) {
        if (object == null) {
            return S3Answer.error(404, "NoSuchKey");
        }
        object.retainedUntil = Xml.element(body, "RetainUntilDate");
        return S3Answer.of(200);
    }

    private static S3Answer retention(@Nullable Stored object) {
        return object == null || object.retainedUntil == null
                ? S3Answer.error(404, object == null ? "NoSuchKey" : "NoSuchObjectLockConfiguration")
                : S3Answer.xml(
                        200,
                        "<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>" + object.retainedUntil
                                + "</RetainUntilDate></Retention>");
    }
}
