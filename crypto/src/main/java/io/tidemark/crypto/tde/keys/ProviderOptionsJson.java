package io.tidemark.crypto.tde.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.tidemark.crypto.DamagedTdeFile;
import io.tidemark.crypto.tde.keys.ProviderFile.FileOptions;
import io.tidemark.crypto.tde.keys.ProviderFile.KmipOptions;
import io.tidemark.crypto.tde.keys.ProviderFile.Options;
import io.tidemark.crypto.tde.keys.ProviderFile.Type;
import io.tidemark.crypto.tde.keys.ProviderFile.VaultOptions;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Options of a provider: a flat JSON object of strings and numbers; null is as good as nothing. pg_tde refuses fields that it does not know;
 * a field that comes twice is refused here too.
 *
 * <p>Source: pg_tde 2.2.0, src/catalog/tde_keyring_parse_opts.c.
 */
final class ProviderOptionsJson {
    private final Map<String, String> fields;
    private final long offset;

    private ProviderOptionsJson(Map<String, String> fields, long offset) {
        this.fields = fields;
        this.offset = offset;
    }

    /** @param offset of the text, in its file */
    static Options parse(Type type, byte[] json, long offset) {
        ProviderOptionsJson options = new ProviderOptionsJson(fields(json, offset), offset);
        options.allow(known(type));
        return switch (type) {
            case FILE -> new FileOptions(options.required("path"));
            case VAULT_V2 ->
                new VaultOptions(
                        options.required("url"),
                        options.required("mountPath"),
                        options.required("tokenPath"),
                        options.fields.get("caPath"),
                        options.fields.get("namespace"));
            case KMIP ->
                new KmipOptions(
                        options.required("host"),
                        options.port(),
                        options.required("certPath"),
                        options.required("keyPath"),
                        options.required("caPath"));
        };
    }

    private static Set<String> known(Type type) {
        return switch (type) {
            case FILE -> Set.of("path");
            case VAULT_V2 -> Set.of("url", "mountPath", "tokenPath", "caPath", "namespace");
            case KMIP -> Set.of("host", "port", "certPath", "keyPath", "caPath");
        };
    }

    private static Map<String, String> fields(byte[] json, long offset) {
        try (JsonReader reader = new JsonReader(new StringReader(
                UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString()))) {
            reader.setStrictness(Strictness.STRICT);
            Map<String, String> fields = new LinkedHashMap<>();
            reader.beginObject();
            while (reader.hasNext()) {
                String name = reader.nextName();
                if (fields.containsKey(name)) {
                    throw new DamagedTdeFile(offset, "options with field \"" + name + "\" twice");
                }
                fields.put(name, scalar(reader, name, offset));
            }
            reader.endObject();
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new DamagedTdeFile(offset, "options with something behind them");
            }
            fields.values().removeIf(String::isEmpty);
            return fields;
        } catch (CharacterCodingException e) {
            throw new DamagedTdeFile(offset, "options that are no UTF-8", e);
        } catch (IOException | IllegalStateException e) {
            throw new DamagedTdeFile(offset, "options that are no flat JSON object", e);
        }
    }

    /** Empty for null, which pg_tde takes for an option that is not set. */
    private static String scalar(JsonReader reader, String name, long offset) throws IOException {
        JsonToken token = reader.peek();
        if (token == JsonToken.NULL) {
            reader.nextNull();
            return "";
        }
        if (token != JsonToken.STRING && token != JsonToken.NUMBER) {
            throw new DamagedTdeFile(offset, "options whose field \"" + name + "\" is neither string nor number");
        }
        return reader.nextString();
    }

    private void allow(Set<String> known) {
        for (String name : fields.keySet()) {
            if (!known.contains(name)) {
                throw new DamagedTdeFile(offset, "options with the unknown field \"" + name + "\"");
            }
        }
    }

    private String required(String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new DamagedTdeFile(offset, "options without \"" + name + "\"");
        }
        return value;
    }

    private int port() {
        String text = required("port");
        boolean number = text.matches("[0-9]{1,5}");
        int port = number ? Integer.parseInt(text) : 0;
        if (port < 1 || port > 65535) {
            throw new DamagedTdeFile(offset, "options with port \"" + text + "\"");
        }
        return port;
    }

    /** The text that pg_tde reads back as these options. */
    static String write(Options options) {
        JsonObject json = new JsonObject();
        options.fields().forEach(json::addProperty);
        return json.toString();
    }
}
