package io.tidemark.sinks.testing.s3;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** A bucket in memory: objects, and uploads that are not complete. Every method is one step, whoever else is there. */
final class Bucket {

    private final NavigableMap<String, Stored> objects = new TreeMap<>();
    private final NavigableMap<String, Upload> uploads = new TreeMap<>();
    private int uploadsBegun;
    private String lifecycle = "";

    /** An object. {@code content} is shared and never changed. */
    static final class Stored {
        final byte[] content;
        final String etag;
        final Instant modified = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        final Map<String, String> headers;

        @Nullable
        String retainedUntil;

        Stored(byte[] content, String etag, Map<String, String> headers) {
            this.content = content;
            this.etag = etag;
            this.headers = headers;
            this.retainedUntil = headers.get("x-amz-object-lock-retain-until-date");
        }
    }

    /** A multipart upload. */
    static final class Upload {
        final String key;
        final Instant begun = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        final Map<String, String> headers;
        final NavigableMap<Integer, Stored> parts = new TreeMap<>();

        Upload(String key, Map<String, String> headers) {
            this.key = key;
            this.headers = headers;
        }
    }

    /** Its rules as XML; empty where there are none. */
    synchronized String lifecycle() {
        return lifecycle;
    }

    synchronized void lifecycle(String configuration) {
        lifecycle = configuration;
    }

    synchronized @Nullable Stored find(String key) {
        return objects.get(key);
    }

    /** Makes an object; null if the condition of the headers does not hold. */
    synchronized @Nullable Stored put(String key, byte[] content, Map<String, String> headers) {
        return store(key, new Stored(content, md5(content), headers), headers);
    }

    private @Nullable Stored store(String key, Stored object, Map<String, String> headers) {
        if ("*".equals(headers.get("if-none-match")) && objects.containsKey(key)) {
            return null;
        }
        objects.put(key, object);
        return object;
    }

    synchronized void delete(String key) {
        objects.remove(key);
    }

    /** Objects whose key begins with {@code prefix} and comes after {@code after}, in order. */
    synchronized NavigableMap<String, Stored> from(String prefix, String after) {
        NavigableMap<String, Stored> found = new TreeMap<>(objects.tailMap(after, false));
        found.keySet().removeIf(key -> !key.startsWith(prefix));
        return found;
    }

    synchronized String begin(String key, Map<String, String> headers) {
        String id = "upload-" + ++uploadsBegun;
        uploads.put(id, new Upload(key, headers));
        return id;
    }

    synchronized @Nullable Upload upload(String id) {
        return uploads.get(id);
    }

    synchronized NavigableMap<String, Upload> uploads() {
        return new TreeMap<>(uploads);
    }

    /** Adds a part; null if there is no such upload. */
    synchronized @Nullable Stored part(String id, int number, byte[] content, Map<String, String> headers) {
        Upload upload = uploads.get(id);
        if (upload == null) {
            return null;
        }
        Stored part = new Stored(content, md5(content), headers);
        upload.parts.put(number, part);
        return part;
    }

    synchronized boolean abort(String id) {
        return uploads.remove(id) != null;
    }

    /** Makes an upload's parts an object; null, and the upload stays, if the condition does not hold. */
    synchronized @Nullable Stored complete(
            String id, NavigableMap<Integer, Stored> parts, Map<String, String> conditions) {
        Upload upload = uploads.get(id);
        if (upload == null) {
            throw new IllegalStateException("no upload " + id);
        }
        ByteBuffer whole = ByteBuffer.allocate(
                parts.values().stream().mapToInt(part -> part.content.length).sum());
        ByteBuffer digests = ByteBuffer.allocate(16 * parts.size());
        parts.values().forEach(part -> {
            whole.put(part.content);
            digests.put(HexFormat.of().parseHex(part.etag.replace("\"", "")));
        });
        byte[] content = new byte[whole.position()];
        whole.flip().get(content);
        byte[] joined = new byte[digests.position()];
        digests.flip().get(joined);
        String etag = md5(joined).replaceFirst("\"$", "-" + parts.size() + "\"");
        Stored object = store(upload.key, new Stored(content, etag, upload.headers), conditions);
        if (object != null) {
            uploads.remove(id);
        }
        return object;
    }

    /** CRC-32C as S3 writes it: big-endian, in base64. */
    static String crc32c(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        int value = (int) crc.getValue();
        return Base64.getEncoder()
                .encodeToString(
                        new byte[] {(byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value});
    }

    private static String md5(byte[] content) {
        try {
            return '"'
                    + HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content))
                    + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
