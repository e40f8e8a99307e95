package io.tidemark.crypto.keyset;

import com.google.gson.JsonObject;
import io.tidemark.crypto.MalformedGeneration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A recipient as it stands in a generation's file: {@code kind}, {@code name}, {@code key}, {@code how}, {@code ciphertext}. */
final class RecipientJson {
    private RecipientJson() {}

    static Recipient read(JsonObject object) {
        StrictJson.requireOnly(object, Set.of("kind", "name", "key", "how", "ciphertext"), MalformedGeneration::new);
        RecipientKind kind = kind(StrictJson.string(object, "kind", MalformedGeneration::new));
        Wrapping how = wrapping(StrictJson.string(object, "how", MalformedGeneration::new));
        String name = StrictJson.string(object, "name", MalformedGeneration::new);
        String ciphertext = StrictJson.string(object, "ciphertext", MalformedGeneration::new);
        JsonObject key = StrictJson.object(object, "key", MalformedGeneration::new);
        try {
            Recipient recipient = switch (kind) {
                case FILE -> new FileRecipient(name, checkAlone(key), ciphertext);
                case RECOVERY -> new RecoveryRecipient(name, idAlone(key), ciphertext);
                case KMIP, VAULT -> new ProviderRecipient(kind, name, providerKey(key), how, ciphertext);
            };
            if (recipient.how() != how) {
                throw new MalformedGeneration(
                        "a recipient of kind " + kind.word() + " is not wrapped by " + how.word());
            }
            return recipient;
        } catch (IllegalArgumentException e) {
            throw new MalformedGeneration("a recipient of kind " + kind.word() + " has not its form", e);
        }
    }

    static JsonObject write(Recipient recipient) {
        JsonObject object = new JsonObject();
        object.addProperty("kind", recipient.kind().word());
        object.addProperty("name", recipient.name());
        object.add("key", key(recipient));
        object.addProperty("how", recipient.how().word());
        object.addProperty("ciphertext", recipient.ciphertext());
        return object;
    }

    private static JsonObject key(Recipient recipient) {
        JsonObject key = new JsonObject();
        // three kinds, closed: pattern switches would say so, but not in release 17
        if (recipient instanceof FileRecipient file) {
            key.addProperty("check", file.check().hex());
        } else if (recipient instanceof RecoveryRecipient recovery) {
            key.addProperty("id", recovery.id());
        } else if (recipient instanceof ProviderRecipient provider) {
            key.addProperty("provider", provider.key().provider());
            key.addProperty("name", provider.key().name());
            CheckValue check = provider.key().check();
            addIfKnown(key, "id", provider.key().id());
            addIfKnown(key, "check", check == null ? null : check.hex());
        }
        return key;
    }

    private static void addIfKnown(JsonObject key, String name, @Nullable String value) {
        if (value != null) {
            key.addProperty(name, value);
        }
    }

    private static CheckValue checkAlone(JsonObject key) {
        StrictJson.requireOnly(key, Set.of("check"), MalformedGeneration::new);
        return new CheckValue(StrictJson.string(key, "check", MalformedGeneration::new));
    }

    private static String idAlone(JsonObject key) {
        StrictJson.requireOnly(key, Set.of("id"), MalformedGeneration::new);
        return StrictJson.string(key, "id", MalformedGeneration::new);
    }

    private static ProviderKey providerKey(JsonObject key) {
        StrictJson.requireOnly(key, Set.of("provider", "name", "id", "check"), MalformedGeneration::new);
        return new ProviderKey(
                StrictJson.string(key, "provider", MalformedGeneration::new),
                StrictJson.string(key, "name", MalformedGeneration::new),
                key.has("id") ? StrictJson.string(key, "id", MalformedGeneration::new) : null,
                key.has("check") ? new CheckValue(StrictJson.string(key, "check", MalformedGeneration::new)) : null);
    }

    private static RecipientKind kind(String word) {
        for (RecipientKind kind : RecipientKind.values()) {
            if (kind.word().equals(word)) {
                return kind;
            }
        }
        throw new MalformedGeneration("a recipient of a kind that is not known to this version");
    }

    private static Wrapping wrapping(String word) {
        for (Wrapping how : Wrapping.values()) {
            if (how.word().equals(word)) {
                return how;
            }
        }
        throw new MalformedGeneration("a recipient wrapped in a way that is not known to this version");
    }
}
