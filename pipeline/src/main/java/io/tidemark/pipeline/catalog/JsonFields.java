package io.tidemark.pipeline.catalog;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * One JSON object that came from a store, read as hostile: valid UTF-8, RFC 8259 to the letter, each key once, nothing
 * behind it, no deep nesting; and each field by name, type and range. Every refusal is an
 * {@link IllegalArgumentException} that names the object and the field; the caller knows where it came from.
 */
public final class JsonFields {
    private static final int MAX_DEPTH = 16;

    private final String what;
    private final JsonObject object;
    private final Set<String> asked = new HashSet<>();

    private JsonFields(String what, JsonObject object) {
        this.what = what;
        this.object = object;
    }

    /**
     * @param what for messages, such as {@code "repository marker"}
     * @param utf8 the whole text, of which the caller has limited the length; lent
     */
    public static JsonFields parse(String what, ByteBuffer utf8) {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(utf8.duplicate()).toString();
            JsonReader reader = new JsonReader(new StringReader(text));
            reader.setStrictness(Strictness.STRICT);
            if (reader.peek() != JsonToken.BEGIN_OBJECT) {
                throw new IllegalArgumentException(what + " is no JSON object");
            }
            JsonObject object = object(what, reader, 1);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new IllegalArgumentException(what + " goes on behind its JSON object");
            }
            return new JsonFields(what, object);
        } catch (CharacterCodingException refused) {
            throw new IllegalArgumentException(what + " is no UTF-8", refused);
        } catch (IOException refused) {
            throw new IllegalArgumentException(what + " is no JSON: " + refused.getMessage(), refused);
        }
    }

    /** A number between {@code least} and {@code most}, without fraction. */
    public long whole(String name, long least, long most) {
        JsonElement value = value(name);
        if (value instanceof JsonPrimitive number
                && number.isNumber()
                && number.getAsString().matches("-?[0-9]{1,18}")) {
            long found = Long.parseLong(number.getAsString());
            if (found >= least && found <= most) {
                return found;
            }
        }
        throw refused(name, "a whole number from " + least + " to " + most, value);
    }

    public String text(String name) {
        JsonElement value = value(name);
        if (value instanceof JsonPrimitive text && text.isString()) {
            return text.getAsString();
        }
        throw refused(name, "a text", value);
    }

    /** A text of the given form, a regular expression. */
    public String text(String name, String form) {
        String text = text(name);
        if (!text.matches(form)) {
            throw new IllegalArgumentException(what + " has " + name + " '" + cut(text) + "', expected " + form);
        }
        return text;
    }

    public Instant time(String name) {
        return UtcTime.parse(text(name));
    }

    public JsonArray array(String name) {
        JsonElement value = value(name);
        if (value instanceof JsonArray array) {
            return array;
        }
        throw refused(name, "a list", value);
    }

    /** Refuses fields that nobody asked for. */
    public void requireNothingElse() {
        for (String name : object.keySet()) {
            if (!asked.contains(name)) {
                throw new IllegalArgumentException(what + " has an unknown field '" + cut(name) + "'");
            }
        }
    }

    private JsonElement value(String name) {
        asked.add(name);
        JsonElement value = object.get(name);
        if (value == null) {
            throw new IllegalArgumentException(what + " has no field '" + name + "'");
        }
        return value;
    }

    private IllegalArgumentException refused(String name, String expected, JsonElement value) {
        return new IllegalArgumentException(
                what + " has " + name + " " + cut(value.toString()) + ", expected " + expected);
    }

    // what a stranger wrote is quoted, but not at any length and without control characters
    private static String cut(String text) {
        String printable = text.replaceAll("[^\\x20-\\x7e]", "?");
        return printable.length() <= 60 ? printable : printable.substring(0, 60) + "...";
    }

    private static JsonObject object(String what, JsonReader reader, int depth) throws IOException {
        JsonObject object = new JsonObject();
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            if (object.has(name)) {
                throw new IllegalArgumentException(what + " has the field '" + cut(name) + "' twice");
            }
            object.add(name, element(what, reader, depth));
        }
        reader.endObject();
        return object;
    }

    private static JsonElement element(String what, JsonReader reader, int depth) throws IOException {
        if (depth >= MAX_DEPTH) {
            throw new IllegalArgumentException(what + " is nested deeper than " + MAX_DEPTH);
        }
        return switch (reader.peek()) {
            case BEGIN_OBJECT -> object(what, reader, depth + 1);
            case BEGIN_ARRAY -> {
                JsonArray array = new JsonArray();
                reader.beginArray();
                while (reader.hasNext()) {
                    array.add(element(what, reader, depth + 1));
                }
                reader.endArray();
                yield array;
            }
            case STRING -> new JsonPrimitive(reader.nextString());
            case NUMBER -> new JsonPrimitive(new BigDecimal(reader.nextString()));
            case BOOLEAN -> new JsonPrimitive(reader.nextBoolean());
            case NULL -> {
                reader.nextNull();
                yield JsonNull.INSTANCE;
            }
            case END_ARRAY, END_OBJECT, END_DOCUMENT, NAME -> throw new IllegalArgumentException(what + " is no JSON");
        };
    }
}
