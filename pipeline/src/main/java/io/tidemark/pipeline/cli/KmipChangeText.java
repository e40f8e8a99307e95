package io.tidemark.pipeline.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.tidemark.pipeline.care.kmip.KeyChange.Changed;
import io.tidemark.pipeline.care.kmip.KeyLookup.Entry;
import io.tidemark.pipeline.care.kmip.KmipService;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change in a key's life, as it is told before it is made and after.
 *
 * @param word what the key is then: {@code revoked}
 */
record KmipChangeText(KmipService service, String word, List<String> consequences) {
    KmipChangeText {
        consequences = List.copyOf(consequences);
    }

    void plan(Console console, boolean json, Entry key) {
        if (json) {
            console.out().println(json("planned", key, null));
            return;
        }
        console.out().println("to be " + word + ": " + KmipKeyText.described(key));
        consequences.forEach(line -> console.out().println("  " + line));
    }

    void outcome(Console console, boolean json, Changed changed) {
        Entry after = changed.after();
        if (json) {
            console.out().println(json("done", changed.before(), after));
            return;
        }
        console.out().println(word + ": " + KmipKeyText.described(changed.before()));
        console.out()
                .println(
                        after == null
                                ? "the server does not know it any more"
                                : "its state is " + KmipWords.of(after.state()) + " now");
    }

    private JsonObject json(String outcome, Entry before, @Nullable Entry after) {
        JsonObject json = new JsonObject();
        json.addProperty("provider", service.provider());
        json.addProperty("change", word);
        json.addProperty("outcome", outcome);
        json.add("before", KmipKeyText.json(before));
        json.add("after", KmipKeyText.json(after));
        JsonArray lines = new JsonArray();
        consequences.forEach(lines::add);
        json.add("consequences", lines);
        return json;
    }
}
