package io.tidemark.pipeline.keys.vault;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads JSON from its bytes and says each value with its path, {@code data.data.key}. In place of a library, for what a
 * library makes of a string cannot be wiped. Strict: nothing behind the end, no comments, no depth beyond {@value #MOST_DEPTH}.
 */
final class JsonBytes {
    private static final int MOST_DEPTH = 16;

    private final byte[] text;
    private final Values values;
    private int at;

    /** Takes what is read. */
    interface Values {
        /** @param value as UTF-8, lent: wiped afterwards */
        void string(String path, byte[] value);

        /** A number, {@code true}, {@code false} or {@code null}. */
        void word(String path, String value);
    }

    private JsonBytes(byte[] text, Values values) {
        this.text = text;
        this.values = values;
    }

    /** @throws IllegalArgumentException where it is no JSON, without quoting it */
    static void read(byte[] text, Values values) {
        JsonBytes json = new JsonBytes(text, values);
        json.value("", 0);
        json.blanks();
        if (json.at != text.length) {
            throw malformed();
        }
    }

    private void value(String path, int depth) {
        if (depth > MOST_DEPTH) {
            throw malformed();
        }
        blanks();
        switch (peek()) {
            case '{' -> object(path, depth);
            case '[' -> array(path, depth);
            case '"' -> {
                byte[] value = string();
                try {
                    values.string(path, value);
                } finally {
                    Arrays.fill(value, (byte) 0);
                }
            }
            default -> word(path);
        }
    }

    private void object(String path, int depth) {
        at++;
        blanks();
        if (peek() == '}') {
            at++;
            return;
        }
        do {
            blanks();
            byte[] name = string();
            blanks();
            expect(':');
            String field = new String(name, StandardCharsets.UTF_8);
            value(path.isEmpty() ? field : path + "." + field, depth + 1);
            blanks();
        } while (goesOn('}'));
    }

    private void array(String path, int depth) {
        at++;
        blanks();
        if (peek() == ']') {
            at++;
            return;
        }
        do {
            value(path + "[]", depth + 1);
            blanks();
        } while (goesOn(']'));
    }

    private boolean goesOn(char end) {
        boolean more = peek() == ',';
        expect(more ? ',' : end);
        return more;
    }

    private byte[] string() {
        expect('"');
        Wiped out = new Wiped(lengthUpToTheQuote());
        try {
            while (peek() != '"') {
                int one = text[at++];
                if (one >= 0 && one < ' ') {
                    throw malformed();
                }
                if (one == '\\') {
                    escape(out);
                } else {
                    out.write(one);
                }
            }
            at++;
            return out.toByteArray();
        } finally {
            out.wipe();
        }
    }

    private int lengthUpToTheQuote() {
        int end = at;
        while (end < text.length && text[end] != '"') {
            end += text[end] == '\\' ? 2 : 1;
        }
        return Math.min(end, text.length) - at;
    }

    private void escape(Wiped out) {
        int one = peek();
        at++;
        switch (one) {
            case '"', '\\', '/' -> out.write(one);
            case 'b' -> out.write('\b');
            case 'f' -> out.write('\f');
            case 'n' -> out.write('\n');
            case 'r' -> out.write('\r');
            case 't' -> out.write('\t');
            case 'u' -> {
                int unit = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = Character.digit(peek(), 16);
                    if (digit < 0) {
                        throw malformed();
                    }
                    unit = unit << 4 | digit;
                    at++;
                }
                // halves of a pair stand as question marks: none of what we look for has them
                out.writeBytes(String.valueOf((char) unit).getBytes(StandardCharsets.UTF_8));
            }
            default -> throw malformed();
        }
    }

    private void word(String path) {
        int start = at;
        while (at < text.length && "+-.0123456789aeflnrstuE".indexOf(text[at]) >= 0) {
            at++;
        }
        if (at == start || at - start > 40) {
            throw malformed();
        }
        values.word(path, new String(text, start, at - start, StandardCharsets.US_ASCII));
    }

    private void blanks() {
        while (at < text.length && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) {
            at++;
        }
    }

    private int peek() {
        if (at >= text.length) {
            throw malformed();
        }
        return text[at];
    }

    private void expect(char character) {
        if (peek() != character) {
            throw malformed();
        }
        at++;
    }

    private static IllegalArgumentException malformed() {
        return new IllegalArgumentException("no JSON");
    }

    /** Never grows, so that nothing is left behind unwiped. */
    private static final class Wiped extends ByteArrayOutputStream {
        Wiped(int most) {
            super(most + 1);
        }

        void wipe() {
            Arrays.fill(buf, (byte) 0);
        }
    }
}
