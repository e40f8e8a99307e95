package io.tidemark.pipeline.catalog;

import java.util.regex.Pattern;

/** One data directory's name within its cluster, FORMAT.md: {@code [a-z0-9-]{1,63}}. */
public record Node(String name) implements Comparable<Node> {
    private static final Pattern NODE = Pattern.compile("[a-z0-9-]{1,63}");

    public Node {
        if (!NODE.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "no node name: '" + name + "', expected 1 to 63 of lower-case letters, digits and '-'");
        }
        // a part of an object name begins with a letter or a digit
        if (name.startsWith("-")) {
            throw new IllegalArgumentException("no node name: '" + name + "' begins with '-'");
        }
    }

    @Override
    public int compareTo(Node other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
