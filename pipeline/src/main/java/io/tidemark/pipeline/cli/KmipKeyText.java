package io.tidemark.pipeline.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.tidemark.pipeline.care.kmip.KeyLookup.Entry;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** A key as it is told: who it is and what may be done with it, never what it is made of. */
final class KmipKeyText {
    private KmipKeyText() {}

    static void print(PrintStream out, Entry key) {
        line(out, "identifier", key.id().toString());
        line(out, "name", names(key));
        line(out, "type", KmipWords.of(key.type()));
        line(out, "state", KmipWords.of(key.state()));
        line(out, "algorithm", algorithm(key));
        if (key.usage() != null) {
            line(out, "usage", key.usage().toString());
        }
    }

    static void line(PrintStream out, String what, String value) {
        out.println(what + " ".repeat(Math.max(1, 13 - what.length())) + Printable.of(value));
    }

    /** {@code key 1 "tidemark-prod" (AES 256, Pre-Active)}. */
    static String described(Entry key) {
        return Printable.of("key " + key.id() + " \"" + names(key) + "\" (" + algorithm(key) + ", "
                + KmipWords.of(key.state()) + ")");
    }

    static String names(Entry key) {
        return String.join(", ", key.names());
    }

    /** {@code AES 256}. */
    static String algorithm(Entry key) {
        return (key.algorithm() == null ? "?" : key.algorithm()) + (key.bits() == null ? "" : " " + key.bits());
    }

    static JsonElement json(@Nullable Entry key) {
        if (key == null) {
            return JsonNull.INSTANCE;
        }
        JsonObject json = new JsonObject();
        json.addProperty("id", key.id().value());
        JsonArray names = new JsonArray();
        key.names().forEach(names::add);
        json.add("names", names);
        json.addProperty("type", key.type() == null ? null : KmipWords.option(key.type()));
        json.addProperty("state", key.state() == null ? null : KmipWords.option(key.state()));
        json.addProperty(
                "algorithm", key.algorithm() == null ? null : key.algorithm().toString());
        json.addProperty("bits", key.bits());
        json.addProperty("usage", key.usage() == null ? null : key.usage().toString());
        return json;
    }
}
