package io.tidemark.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a process and its threads asked of the kernel, in the order in which the kernel answered, from the output of
 * {@code strace -f -y}. A call that strace cuts in two because another thread came between is put together again.
 */
final class SystemCalls {
    private static final Pattern BEGUN = Pattern.compile("^(\\d+) +(.*) <unfinished \\.\\.\\.>$");
    private static final Pattern RESUMED = Pattern.compile("^(\\d+) +<\\.\\.\\. \\w+ resumed>(.*)$");

    private final List<String> calls;

    private SystemCalls(List<String> calls) {
        this.calls = calls;
    }

    static SystemCalls read(Path trace) throws IOException {
        Map<String, String> begun = new HashMap<>();
        List<String> calls = new ArrayList<>();
        for (String line : Files.readAllLines(trace, StandardCharsets.ISO_8859_1)) {
            Matcher first = BEGUN.matcher(line);
            Matcher second = RESUMED.matcher(line);
            if (first.matches()) {
                begun.put(first.group(1), first.group(2));
            } else if (second.matches()) {
                calls.add(begun.getOrDefault(second.group(1), "") + second.group(2));
            } else {
                calls.add(line.replaceFirst("^\\d+ +", ""));
            }
        }
        return new SystemCalls(List.copyOf(calls));
    }

    /** The place of the first call behind {@code after} that is such a one; a test fails without it. */
    int next(int after, String what, Predicate<String> wanted) {
        for (int i = after + 1; i < calls.size(); i++) {
            if (wanted.test(calls.get(i))) {
                return i;
            }
        }
        throw new AssertionError("no " + what + " behind call " + after + " of\n" + String.join("\n", calls));
    }

    /** The place of the last such call. */
    int last(String what, Predicate<String> wanted) {
        for (int i = calls.size() - 1; i >= 0; i--) {
            if (wanted.test(calls.get(i))) {
                return i;
            }
        }
        throw new AssertionError("no " + what + " in\n" + String.join("\n", calls));
    }

    String at(int place) {
        return calls.get(place);
    }

    /** A successful fsync of this file or directory. */
    static Predicate<String> fsyncOf(String path) {
        return call -> call.startsWith("fsync(") && call.contains("<" + path + ">)") && call.endsWith("= 0");
    }

    static Predicate<String> writeTo(String path) {
        return call -> (call.startsWith("write(") || call.startsWith("pwrite64(")) && call.contains("<" + path + ">, ");
    }

    /** The last act: the word for the launcher. */
    static Predicate<String> answer() {
        return call -> call.startsWith("write(") && call.contains("\"DONE ");
    }
}
