package io.tidemark.pipeline.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The declaration of one setting: everything that reading, checking, showing and documenting it needs.
 *
 * @param pattern dotted key, {@code *} for a name that the user chooses, {@code #} for a number in a list
 * @param byDefault as it would be written; null where there is none
 * @param documentation whole sentences
 * @param example as it would be written
 */
record Setting<T>(
        String pattern,
        SettingType<T> type,
        @Nullable String byDefault,
        Disclosure disclosure,
        String documentation,
        String example) {

    /** Whether a value may be repeated in an error. */
    enum Disclosure {
        OPEN,
        /** Someone may have put the key where its file's name belongs. */
        NOT_IN_ERRORS
    }

    /** Whether the pattern fits the key, part by part. */
    static boolean fits(List<String> pattern, List<String> key) {
        int parts = pattern.size();
        boolean rest = parts > 0 && pattern.get(parts - 1).equals("**");
        if (rest ? key.size() < parts - 1 : key.size() != parts) {
            return false;
        }
        for (int i = 0; i < (rest ? parts - 1 : parts); i++) {
            if (!fits(pattern.get(i), key.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean fits(String pattern, String part) {
        return switch (pattern) {
            case "*" -> true;
            case "#" -> isNumber(part);
            default -> pattern.equals(part);
        };
    }

    private static boolean isNumber(String part) {
        if (part.isEmpty() || part.length() > 4) {
            return false;
        }
        for (int i = 0; i < part.length(); i++) {
            if (part.charAt(i) < '0' || part.charAt(i) > '9') {
                return false;
            }
        }
        return part.length() == 1 || part.charAt(0) != '0';
    }

    /** The key with the user's names in place of the pattern's stars. */
    String key(String... names) {
        StringBuilder key = new StringBuilder();
        int next = 0;
        for (String part : split(pattern)) {
            boolean open = part.equals("*") || part.equals("#");
            key.append(key.isEmpty() ? "" : ".").append(open ? names[next++] : part);
        }
        return key.toString();
    }

    /** {@code String.split} without its regular expressions. */
    static List<String> split(String key) {
        List<String> parts = new java.util.ArrayList<>(4);
        int start = 0;
        for (int dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.', start)) {
            parts.add(key.substring(start, dot));
            start = dot + 1;
        }
        parts.add(key.substring(start));
        return parts;
    }
}
