package io.tidemark.pipeline.care.check.server;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A command line as a shell takes it apart: its words without their quotes, and the operators between them. Enough of a
 * shell to see whose exit code the line ends with; nothing is expanded.
 */
final class ShellLine {
    private final String text;
    private final List<String> words = new ArrayList<>();
    private final Set<String> operators = new LinkedHashSet<>();
    private StringBuilder word = new StringBuilder();
    private boolean inWord;
    private char quote;

    private ShellLine(String text) {
        this.text = text;
    }

    static ShellLine parse(String text) {
        ShellLine line = new ShellLine(text);
        line.read();
        return line;
    }

    /** In order; an operator is a word of its own. */
    List<String> words() {
        return words;
    }

    /** {@code | || && ; & newline $( `}, those that occur. */
    Set<String> operators() {
        return operators;
    }

    private void read() {
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            char next = at + 1 < text.length() ? text.charAt(at + 1) : '\0';
            if (quote == '\'') {
                quoted(c);
            } else if (c == '\\' && next != '\0') {
                add(next);
                at++;
            } else if (c == '`' || c == '$' && next == '(') {
                operators.add(c == '`' ? "`" : "$(");
                add(c);
            } else if (quote == '"') {
                quoted(c);
            } else if (c == '\'' || c == '"') {
                quote = c;
                inWord = true;
            } else if (isOperator(c) && !isRedirection(c, next)) {
                boolean twice = c == next && c != ';' && c != '\n';
                operator(twice ? "" + c + c : c == '\n' ? "newline" : "" + c);
                at += twice ? 1 : 0;
            } else if (c == ' ' || c == '\t') {
                end();
            } else {
                add(c);
            }
        }
        end();
    }

    private static boolean isOperator(char c) {
        return c == '|' || c == '&' || c == ';' || c == '\n';
    }

    /** {@code 2>&1} and {@code &>file} give no other exit code. */
    private boolean isRedirection(char c, char next) {
        return c == '&' && (next == '>' || word.length() > 0 && word.charAt(word.length() - 1) == '>');
    }

    private void quoted(char c) {
        if (c == quote) {
            quote = '\0';
        } else {
            add(c);
        }
    }

    private void add(char c) {
        word.append(c);
        inWord = true;
    }

    private void operator(String operator) {
        end();
        operators.add(operator);
        words.add(operator);
    }

    private void end() {
        if (inWord) {
            words.add(word.toString());
            word = new StringBuilder();
            inWord = false;
        }
    }
}
