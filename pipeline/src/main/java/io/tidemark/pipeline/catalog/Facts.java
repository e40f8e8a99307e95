package io.tidemark.pipeline.catalog;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.NotInThisVersion;
import io.tidemark.pipeline.stage.ContentDigest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an object says of itself, sealed with it: the JSON object of FORMAT.md, section 3. The common fields are typed,
 * those of a kind are asked for by name. Never a key, a secret or content. Immutable.
 */
public final class Facts {
    public static final int FORMAT = 1;

    public static final String WAL = "wal";
    public static final String HISTORY = "history";
    public static final String BACKUP_HISTORY = "backup-history";

    private final JsonObject json;
    private final String kind;
    private final ContentDigest digest;

    private Facts(JsonObject json, String kind, ContentDigest digest) {
        this.json = json;
        this.kind = kind;
        this.digest = digest;
    }

    /** Facts with the common fields; {@link #with} adds the kind's own. */
    public static Facts of(String kind, ContentDigest digest, Instant written, String tool) {
        JsonObject json = new JsonObject();
        json.addProperty("kind", kind);
        json.addProperty("format", FORMAT);
        json.addProperty("written", UtcTime.format(written));
        json.addProperty("tool", tool);
        json.addProperty("size", digest.sizeBytes());
        json.addProperty("sha256", digest.sha256());
        return new Facts(json, kind, digest);
    }

    /**
     * @param where the object, for messages
     * @throws IntegrityFailed where it is no JSON object with the common fields, each key once
     * @throws NotInThisVersion for a format that is not known
     */
    public static Facts parse(String where, String json) {
        try {
            JsonFields fields = JsonFields.parse("facts", ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)));
            long format = fields.whole("format", 0, Integer.MAX_VALUE);
            if (format != FORMAT) {
                throw new NotInThisVersion(where + " is of format " + format + ", this version knows " + FORMAT);
            }
            ContentDigest digest = new ContentDigest(fields.text("sha256"), fields.whole("size", 0, Long.MAX_VALUE));
            return new Facts(JsonParser.parseString(json).getAsJsonObject(), fields.text("kind"), digest);
        } catch (IllegalArgumentException refused) {
            throw new IntegrityFailed(where + ": " + refused.getMessage(), refused);
        }
    }

    public Facts with(String name, String value) {
        return with(name, new JsonPrimitive(value));
    }

    public Facts with(String name, long value) {
        return with(name, new JsonPrimitive(value));
    }

    /** @param value copied */
    public Facts with(String name, JsonElement value) {
        JsonObject more = json.deepCopy();
        more.add(name, value.deepCopy());
        return new Facts(more, kind, digest);
    }

    /** {@code wal}, {@code history}, {@code pack} and so on. */
    public String kind() {
        return kind;
    }

    /** Of the file, expanded. */
    public ContentDigest digest() {
        return digest;
    }

    /** Of the file, expanded; bytes. */
    public long size() {
        return digest.sizeBytes();
    }

    /** Of the file, expanded; 64 hex digits. */
    public String sha256() {
        return digest.sha256();
    }

    /** A field of the kind's own; empty where it is missing or no text. */
    public Optional<String> text(String name) {
        return json.get(name) instanceof JsonPrimitive value && value.isString()
                ? Optional.of(value.getAsString())
                : Optional.empty();
    }

    /** A field of the kind's own; empty where it is missing or no whole number. */
    public OptionalLong whole(String name) {
        return json.get(name) instanceof JsonPrimitive value
                        && value.isNumber()
                        && value.getAsString().matches("-?[0-9]{1,18}")
                ? OptionalLong.of(Long.parseLong(value.getAsString()))
                : OptionalLong.empty();
    }

    /** All fields; a copy. */
    public JsonObject json() {
        return json.deepCopy();
    }

    /** The JSON text, in the order in which the fields were added. */
    public String toJson() {
        return json.toString();
    }

    @Override
    public String toString() {
        return toJson();
    }
}
