package io.tidemark.pipeline.catalog.manifest;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.tidemark.pipeline.catalog.UtcTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one JSON object, taken by name: a missing one is refused, one of another type is refused, and
 * {@link #end} refuses those that nobody took. All refusals are {@link IllegalArgumentException}s naming the field.
 */
final class Fields {
    private final JsonObject object;
    private final Set<String> taken = new HashSet<>();

    Fields(JsonObject object) {
        this.object = object;
    }

    boolean has(String name) {
        return object.has(name);
    }

    String text(String name) {
        JsonElement value = take(name);
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
            throw new IllegalArgumentException("field '" + name + "' is no text");
        }
        return value.getAsString();
    }

    /** A field that must be there, but may be JSON's null. */
    @Nullable
    String textOrNull(String name) {
        return isNull(name) ? null : text(name);
    }

    boolean isNull(String name) {
        return take(name).isJsonNull();
    }

    /** Reads a text with {@code parse}, whose refusals become this field's. */
    <T> T parsed(String name, Function<String, T> parse) {
        String text = text(name);
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("field '" + name + "': " + e.getMessage(), e);
        }
    }

    /** A text that is one of the words. */
    <T extends Enum<T>> T word(String name, Class<T> words) {
        String text = text(name);
        for (T word : words.getEnumConstants()) {
            if (word.toString().equals(text)) {
                return word;
            }
        }
        throw new IllegalArgumentException("field '" + name + "' is '" + text + "', unknown");
    }

    Instant time(String name) {
        return parsed(name, UtcTime::parse);
    }

    long number(String name, long least, long greatest) {
        return number(name, take(name), least, greatest);
    }

    int integer(String name, int least, int greatest) {
        return (int) number(name, least, greatest);
    }

    Fields object(String name) {
        JsonElement value = take(name);
        if (!value.isJsonObject()) {
            throw new IllegalArgumentException("field '" + name + "' is no object");
        }
        return new Fields(value.getAsJsonObject());
    }

    /** Whether the field is there and an object. */
    boolean isObject(String name) {
        return take(name).isJsonObject();
    }

    /** A field that can only be true. */
    void requireTrue(String name) {
        JsonElement value = take(name);
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isBoolean() || !value.getAsBoolean()) {
            throw new IllegalArgumentException("field '" + name + "' is not true");
        }
    }

    /** An array of exactly {@code size} whole numbers, none negative. */
    long[] numbers(String name, int size) {
        return numbers(name, take(name), size);
    }

    /** An array of arrays of exactly {@code size} whole numbers each, none negative. */
    List<long[]> rows(String name, int size) {
        JsonElement value = take(name);
        if (!value.isJsonArray()) {
            throw new IllegalArgumentException("field '" + name + "' is no array");
        }
        List<long[]> rows = new ArrayList<>(value.getAsJsonArray().size());
        for (JsonElement row : value.getAsJsonArray()) {
            rows.add(numbers(name, row, size));
        }
        return rows;
    }

    /** @throws IllegalArgumentException where the object has a field that was not taken */
    void end() {
        for (String name : object.keySet()) {
            if (!taken.contains(name)) {
                throw new IllegalArgumentException("unknown field '" + name + "'");
            }
        }
    }

    private JsonElement take(String name) {
        JsonElement value = object.get(name);
        if (value == null) {
            throw new IllegalArgumentException("field '" + name + "' is missing");
        }
        taken.add(name);
        return value;
    }

    private static long[] numbers(String name, JsonElement value, int size) {
        if (!value.isJsonArray() || value.getAsJsonArray().size() != size) {
            throw new IllegalArgumentException("field '" + name + "' is no array of " + size + " numbers");
        }
        JsonArray array = value.getAsJsonArray();
        long[] numbers = new long[size];
        for (int i = 0; i < size; i++) {
            numbers[i] = number(name, array.get(i), 0, Long.MAX_VALUE);
        }
        return numbers;
    }

    private static long number(String name, JsonElement value, long least, long greatest) {
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isNumber()) {
            throw new IllegalArgumentException("field '" + name + "' is no number");
        }
        long number = value.getAsLong();
        if (number < least || number > greatest) {
            throw new IllegalArgumentException(
                    "field '" + name + "' is " + number + ", expected " + least + " to " + greatest);
        }
        return number;
    }
}
