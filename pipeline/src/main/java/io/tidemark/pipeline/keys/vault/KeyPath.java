package io.tidemark.pipeline.keys.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.KeysFailed.Reason;
import io.tidemark.pipeline.keys.provider.KeyReference;
import java.util.Locale;

/**
 * The path of a key in a request. pg_tde puts the name into the URL as it was typed, so a slash leads into a folder, and a
 * name with a character that means something else in a URL lies somewhere else than it says: such a name is refused, as is
 * one that would lead out of the store. Names come from generations too, which are anybody's to write.
 */
final class KeyPath {
    private static final int MOST_BYTES = 255;
    private static final int MOST_DIGITS = 9;
    private static final String UNRESERVED = "-._~!$&'()*+,;=:@/";

    private KeyPath() {}

    /** {@code /v1/<mount>/data/<name>}, with {@code ?version=} where the reference says which. */
    static String of(String mount, KeyReference reference) {
        String name = reference.key();
        if (name == null) {
            throw refused("a key in Vault has a name, and none was given");
        }
        String version = reference.uniqueIdentifier();
        return "/v1/" + mount + "/data/" + encoded(name) + (version == null ? "" : "?version=" + number(version));
    }

    private static String encoded(String name) {
        byte[] bytes = name.getBytes(UTF_8);
        if (bytes.length == 0 || bytes.length > MOST_BYTES) {
            throw refused("a key's name in Vault has 1 to " + MOST_BYTES + " bytes, this one " + bytes.length);
        }
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                throw refused("a key's name in Vault is a path without empty parts, . and ..");
            }
        }
        StringBuilder path = new StringBuilder();
        for (byte one : bytes) {
            int character = one & 0xff;
            if (character < ' ' || character == 0x7f || "%?#\\".indexOf(character) >= 0) {
                throw refused("a key's name in Vault has no control characters and none of % ? # \\");
            }
            boolean plain =
                    character < 0x80 && (Character.isLetterOrDigit(character) || UNRESERVED.indexOf(character) >= 0);
            path.append(plain ? String.valueOf((char) character) : String.format(Locale.ROOT, "%%%02X", character));
        }
        return path.toString();
    }

    private static String number(String version) {
        boolean good = !version.isEmpty()
                && version.length() <= MOST_DIGITS
                && version.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!good) {
            throw new KeysFailed(
                    Reason.ABSENT, "the unique identifier of a key in Vault is the number of its version", null, null);
        }
        return version;
    }

    private static KeysFailed refused(String why) {
        return new KeysFailed(Reason.ABSENT, why, null, null);
    }
}
