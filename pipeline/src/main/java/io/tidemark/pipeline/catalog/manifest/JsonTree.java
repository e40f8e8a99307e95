package io.tidemark.pipeline.catalog.manifest;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Reads one JSON value into a tree of bounded size: strict JSON, whole UTF-8, no duplicate names, no deep nesting. What
 * is over a bound is refused before memory is taken for it.
 */
final class JsonTree {
    /** Two lists of {@link PageChecksums#MAX_SPANS} spans, three nodes each, and a line's own. */
    static final int MAX_NODES = 200_000;

    private static final int MAX_DEPTH = 8;

    private final JsonReader in;
    private int nodes;

    private JsonTree(JsonReader in) {
        this.in = in;
    }

    /** @throws IllegalArgumentException where the bytes are not exactly one JSON object within the bounds */
    static JsonObject object(byte[] bytes, int length) {
        try (JsonReader in = reader(bytes, length)) {
            JsonElement value = new JsonTree(in).value(0);
            if (in.peek() != JsonToken.END_DOCUMENT) {
                throw new IllegalArgumentException("more than one JSON value");
            }
            if (!value.isJsonObject()) {
                throw new IllegalArgumentException("no JSON object");
            }
            return value.getAsJsonObject();
        } catch (IOException | IllegalStateException e) {
            throw new IllegalArgumentException("no JSON: " + e.getMessage(), e);
        }
    }

    static JsonReader reader(byte[] bytes, int length) {
        JsonReader in = new JsonReader(new InputStreamReader(
                new ByteArrayInputStream(bytes, 0, length),
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)));
        in.setStrictness(Strictness.STRICT);
        return in;
    }

    private JsonElement value(int depth) throws IOException {
        if (++nodes > MAX_NODES) {
            throw new IllegalArgumentException("more than " + MAX_NODES + " JSON values");
        }
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("JSON nested deeper than " + MAX_DEPTH);
        }
        return switch (in.peek()) {
            case STRING -> new JsonPrimitive(in.nextString());
            case NUMBER -> new JsonPrimitive(in.nextLong());
            case BOOLEAN -> new JsonPrimitive(in.nextBoolean());
            case NULL -> {
                in.nextNull();
                yield JsonNull.INSTANCE;
            }
            case BEGIN_ARRAY -> array(depth);
            case BEGIN_OBJECT -> object(depth);
            case END_ARRAY, END_OBJECT, NAME, END_DOCUMENT -> throw new IllegalArgumentException("JSON ends early");
        };
    }

    private JsonArray array(int depth) throws IOException {
        JsonArray array = new JsonArray();
        in.beginArray();
        while (in.hasNext()) {
            array.add(value(depth + 1));
        }
        in.endArray();
        return array;
    }

    private JsonObject object(int depth) throws IOException {
        JsonObject object = new JsonObject();
        in.beginObject();
        while (in.hasNext()) {
            String name = in.nextName();
            if (object.has(name)) {
                throw new IllegalArgumentException("field '" + name + "' twice");
            }
            object.add(name, value(depth + 1));
        }
        in.endObject();
        return object;
    }
}
