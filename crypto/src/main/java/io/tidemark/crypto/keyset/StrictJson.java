package io.tidemark.crypto.keyset;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.tidemark.crypto.CryptoException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * JSON from hands that are not trusted: RFC 8259 to the letter, nothing twice, nothing deep, nothing behind the end, and
 * each field of the kind that is asked for. Faults come as the caller's own exception and never quote a value.
 */
final class StrictJson {
    /** Depth that nothing of ours comes near. */
    private static final int MAX_DEPTH = 16;

    private static final int MAX_BYTES = 8 << 20;
    private static final Pattern INTEGER = Pattern.compile("0|[1-9][0-9]{0,17}");

    private StrictJson() {}

    /** Makes the caller's exception of a message. */
    interface Fault extends Function<String, CryptoException> {}

    @SuppressWarnings("UnusedException") // the text may be a keyset, and their messages may quote it
    static JsonObject object(byte[] utf8, Fault fault) {
        if (utf8.length > MAX_BYTES) {
            throw fault.apply("JSON of " + utf8.length + " bytes, more than " + MAX_BYTES);
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
            JsonReader reader = new JsonReader(new StringReader(text));
            reader.setStrictness(Strictness.STRICT);
            reader.setNestingLimit(MAX_DEPTH);
            JsonElement whole = read(reader, fault);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw fault.apply("JSON is followed by something else");
            }
            return asObject(whole, fault);
        } catch (CharacterCodingException e) {
            throw fault.apply("JSON is not in UTF-8");
        } catch (MalformedJsonException e) {
            throw fault.apply("no strict JSON");
        } catch (IOException e) {
            throw fault.apply("JSON ends early or holds what is not allowed");
        } catch (IllegalStateException | NumberFormatException e) {
            throw fault.apply("no strict JSON");
        }
    }

    static JsonObject asObject(JsonElement element, Fault fault) {
        if (element instanceof JsonObject object) {
            return object;
        }
        throw fault.apply("JSON where an object was expected");
    }

    static void requireOnly(JsonObject object, Set<String> known, Fault fault) {
        for (String name : object.keySet()) {
            if (!known.contains(name)) {
                throw fault.apply("JSON field that is not known: '" + printable(name) + "'");
            }
        }
    }

    static JsonObject object(JsonObject parent, String name, Fault fault) {
        return asObject(required(parent, name, fault), fault);
    }

    static List<JsonElement> array(JsonObject parent, String name, Fault fault) {
        if (required(parent, name, fault) instanceof JsonArray array) {
            return array.asList();
        }
        throw fault.apply("JSON field '" + name + "' is no array");
    }

    static String string(JsonObject parent, String name, Fault fault) {
        if (required(parent, name, fault) instanceof JsonPrimitive primitive && primitive.isString()) {
            return primitive.getAsString();
        }
        throw fault.apply("JSON field '" + name + "' is no string");
    }

    static long integer(JsonObject parent, String name, long least, long greatest, Fault fault) {
        if (required(parent, name, fault) instanceof JsonPrimitive primitive && primitive.isNumber()) {
            long value = primitive.getAsLong();
            if (value >= least && value <= greatest) {
                return value;
            }
        }
        throw fault.apply("JSON field '" + name + "' is no integer from " + least + " to " + greatest);
    }

    private static JsonElement required(JsonObject parent, String name, Fault fault) {
        JsonElement value = parent.get(name);
        if (value == null) {
            throw fault.apply("JSON field '" + name + "' is missing");
        }
        return value;
    }

    private static JsonElement read(JsonReader reader, Fault fault) throws IOException {
        return switch (reader.peek()) {
            case BEGIN_OBJECT -> readObject(reader, fault);
            case BEGIN_ARRAY -> readArray(reader, fault);
            case STRING -> new JsonPrimitive(reader.nextString());
            case NUMBER -> new JsonPrimitive(number(reader.nextString(), fault));
            case BOOLEAN -> new JsonPrimitive(reader.nextBoolean());
            case NULL -> {
                reader.nextNull();
                yield JsonNull.INSTANCE;
            }
            case NAME, END_OBJECT, END_ARRAY, END_DOCUMENT -> throw fault.apply("no strict JSON");
        };
    }

    // whole numbers are all that we write; checked as text, for 1e999999999 would unfold when it is read as a number
    private static long number(String text, Fault fault) {
        if (!INTEGER.matcher(text).matches()) {
            throw fault.apply("JSON holds a number that is no plain integer");
        }
        return Long.parseLong(text);
    }

    private static JsonObject readObject(JsonReader reader, Fault fault) throws IOException {
        JsonObject object = new JsonObject();
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            if (object.has(name)) {
                throw fault.apply("JSON field '" + printable(name) + "' occurs twice");
            }
            object.add(name, read(reader, fault));
        }
        reader.endObject();
        return object;
    }

    private static JsonArray readArray(JsonReader reader, Fault fault) throws IOException {
        JsonArray array = new JsonArray();
        reader.beginArray();
        while (reader.hasNext()) {
            array.add(read(reader, fault));
        }
        reader.endArray();
        return array;
    }

    // names come from the file too: cut, and without control characters for a terminal to obey
    private static String printable(String name) {
        String cut = name.length() > 40 ? name.substring(0, 40) + "…" : name;
        return cut.replaceAll("[^\\x20-\\x7E…]", "?");
    }
}
