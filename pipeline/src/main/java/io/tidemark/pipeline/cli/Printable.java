package io.tidemark.pipeline.cli;

/** Text from outside, made fit for one line of a terminal or a log: names of files may hold newlines and escape sequences. */
final class Printable {
    private Printable() {}

    static String of(String text) {
        StringBuilder result = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean harmless = c >= ' ' && c < 0x7f || c > 0x9f && c != '\u2028' && c != '\u2029' && !overrides(c);
            if (!harmless && result == null) {
                result = new StringBuilder(text.length() + 16).append(text, 0, i);
            }
            if (result != null) {
                if (harmless) {
                    result.append(c);
                } else {
                    result.append("\\u");
                    for (int shift = 12; shift >= 0; shift -= 4) {
                        result.append(Character.forDigit((c >> shift) & 15, 16));
                    }
                }
            }
        }
        return result == null ? text : result.toString();
    }

    /** Marks that turn the direction of writing, so that a name reads as another. */
    private static boolean overrides(char c) {
        return c >= '\u202a' && c <= '\u202e' || c >= '\u2066' && c <= '\u2069';
    }
}
